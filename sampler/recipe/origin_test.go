package recipe

import (
	"strings"
	"testing"
)

func TestOrigin(t *testing.T) {
	info := testInfo()
	info.Hash = "5630e90f51ba20b8"
	if got := info.Origin(); got != "5630e90f.3" {
		t.Errorf("the origin is %s", got)
	}
	const hash = "0123456789abcdef0000000000000000000000000000000000000000000000"
	for _, c := range []struct {
		recipe string
		want   Cause
	}{
		{"", CauseNone},
		{"by=5630e90f.3", CauseNone},
		{"h=0123456789abcdef", CauseNone},
		{"by=00000000.7&h=0123456789abcdef", CauseNone},
		{"h=1123456789abcdef", CauseUnknown},
		{"by=5630e90e.3&h=1123456789abcdef", CauseWeights},
		{"by=5630e90e.1&h=1123456789abcdef", CauseWeights},
		{"by=5630E90F.1&h=1123456789abcdef", CauseVersion},
		{"by=5630E90F.4&h=1123456789abcdef", CauseVersion},
		{"by=5630e90f.03&h=1123456789abcdef", CausePromise},
	} {
		s, err := Resolve(parsed(t, "m=test&"+c.recipe), info)
		if err != nil {
			t.Errorf("%s: %v", c.recipe, err)
			continue
		}
		if got := s.Differs(info, hash); got != c.want {
			t.Errorf("%s: got %q, want %q", c.recipe, got, c.want)
		}
	}
	for _, by := range []string{"5630e90f", "5630e90f.", "5630e90f.0", "5630e90.1", "5630e90g.1",
		".1", "5630e90f.1.1"} {
		if _, err := Parse("by=" + by); err == nil ||
			!strings.Contains(err.Error(), "8 hexadecimal digits") {
			t.Errorf("%s: %v", by, err)
		}
	}
	r := parsed(t, "m=test&by=5630e90f.1&h=1123456789abcdef")
	if err := r.Set("by", ""); err != nil || r.String() != "m=test&h=1123456789abcdef" {
		t.Errorf("without its origin it is %s (%v)", r, err)
	}
	r = parsed(t, "m=test&by=5630e90f.1&h=1123456789abcdef")
	if err := r.Set("s", "7"); err != nil || r.String() != "m=test&s=7" {
		t.Errorf("with another seed it is %s (%v)", r, err)
	}
}
