package recipe

import (
	"testing"
	"unicode"
)

// TestOtherCase compares every rune with package unicode. In the alphabets that otherCase has,
// every rune whose other case is one letter must have it, except the Turkish i.
func TestOtherCase(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		want := unicode.ToUpper(r)
		if want == r {
			want = unicode.ToLower(r)
		}
		got := otherCase(r)
		told := r < 0x180 || r >= 0x388 && r <= 0x3cb && r != 'ΐ' && r != 'ΰ' || r >= 0x400 &&
			r <= 0x4bf || r >= 0x4d0 && r <= 0x556 || r >= 0x561 && r <= 0x586
		switch {
		// whose other case is elsewhere
		case r == 'Ό' || r == 'Ύ' || r == 'Ώ' || r == 'ά' || r == 'µ' || r == 'ÿ' || r == 'Ÿ' ||
			r == 'ſ' || r == 'İ' || r == 'ı':
			told = false
		}
		if told && got != want || got != r && got != want {
			t.Errorf("%q: %q, want %q", r, got, want)
		}
	}
	if got := lowered("0A.zZ[@"); got != "0a.zz[@" {
		t.Errorf("got %q", got)
	}
}
