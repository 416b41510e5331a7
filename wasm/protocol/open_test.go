package protocol

import (
	"path/filepath"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/picture"
	"tweedie/sampler/schedule"
	"tweedie/weights"
)

// A page that knows a file's hash spares the session the work, of a model and of a classifier.
func TestOpenTakesTheHash(t *testing.T) {
	for _, name := range []string{"digits-learned", "digits-classifier"} {
		file := fixture.File(t, filepath.Join("..", "..", "weights", name+".safetensors"))
		for given, want := range map[string]string{"": picture.Hash(file),
			"0123456789abcdef": "0123456789abcdef"} {
			o, err := Open(Load{Model: name, Bytes: Bytes(file), Hash: given})
			if err != nil {
				t.Fatal(err)
			}
			got := o.Info.Hash
			if o.Guide != nil {
				got = o.Guide.Hash
			}
			if got != want {
				t.Errorf("%s opened with the hash %q has %q, want %q", name, given, got, want)
			}
		}
	}
}

// A network that needs more than the device has is refused, with both numbers.
func TestTooLarge(t *testing.T) {
	file := fixture.File(t, filepath.Join("..", "..", "weights", "digits.safetensors"))
	_, err := Open(Load{Model: "digits", Bytes: Bytes(file), Memory: 8e6})
	if err == nil || !strings.HasSuffix(err.Error(), "this device has 8 MB: take a network that "+
		"is smaller or draws smaller pictures") {
		t.Errorf("got %v", err)
	}
	if _, err := Open(Load{Model: "digits", Bytes: Bytes(file), Memory: 512 << 20}); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		need, device int
		says         string
	}{
		{5 << 30, 0, "it needs 5.4 GB of memory, and a page can have at most 4.3 GB"},
		{5 << 30, 8 << 30, "a page can have at most 4.3 GB"},
		{3 << 30, 2 << 30, "it needs 3.2 GB of memory, and this device has 2.1 GB"},
		{3 << 30, 4 << 30, ""},
	} {
		err := fits(c.need, c.device)
		if (err == nil) != (c.says == "") || err != nil &&
			!strings.Contains(err.Error(), c.says) {
			t.Errorf("%d of %d: got %v, want %q", c.need, c.device, err, c.says)
		}
	}
}

// What eight bits leave of a network draws what a file draws that was stored so.
func TestEightBits(t *testing.T) {
	plain := fixture.File(t, filepath.Join("..", "..", "weights", "digits-learned.safetensors"))
	f, err := weights.Parse(plain)
	if err != nil {
		t.Fatal(err)
	}
	if f, err = f.InEightBits(schedule.IsLearned); err != nil {
		t.Fatal(err)
	}
	stored, err := f.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(stored) > len(plain)*6/10 {
		t.Errorf("%d bytes become %d in eight bits", len(plain), len(stored))
	}
	var hashes []string
	for _, l := range []Load{{Bytes: Bytes(plain)}, {Bytes: Bytes(plain), Eight: true},
		{Bytes: Bytes(stored)}} {
		l.Model = "digits-learned"
		r := &collector{}
		s := NewSession(r, Open, func() float64 { return 0 })
		s.Receive(l)
		s.Receive(Run{ID: 1, Recipe: "m=digits-learned&c=3&steps=3"})
		for s.Advance() {
		}
		done, ok := r.all[len(r.all)-1].(Done)
		if !ok {
			t.Fatalf("got %+v", r.all[len(r.all)-1])
		}
		hashes = append(hashes, done.Hash)
	}
	if hashes[1] != hashes[2] || hashes[0] == hashes[1] {
		t.Errorf("as it is, in eight bits and stored so: %s", hashes)
	}
}
