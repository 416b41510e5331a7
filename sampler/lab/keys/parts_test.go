package keys

import "testing"

// TestTrained: keys of what is drawn leave the network as it is; those of the training do not, and
// among them is the share without a class, which a class changes.
func TestTrained(t *testing.T) {
	const base = "d=moons&s=3"
	s, err := Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		change string
		same   bool
	}{
		{"&n=50&ssteps=7&k=ddpm&eta=0.5&h=0123456789abcdef", true},
		{"&steps=2000", true}, {"&steps=2001", false}, {"&noise=0.1", false}, {"&p=x0", false},
		{"&c=upper", false}, {"&c=upper&drop=0.5", false},
	} {
		other, err := Parse(base + c.change)
		if err != nil {
			t.Fatal(err)
		}
		if same := other.Trained() == s.Trained(); same != c.same {
			t.Errorf("%s trains the same network: %v, want %v", c.change, same, c.same)
		}
	}
	upper, err := Parse(base + "&c=upper")
	if err != nil {
		t.Fatal(err)
	}
	if all, _ := Parse(base + "&c=all&g=3"); all.Trained() != upper.Trained() {
		t.Errorf("one class or all of them: %s and %s", upper.Trained(), all.Trained())
	}
}

func TestValues(t *testing.T) {
	s, err := Parse("d=moons&c=1&k=ddpm&ssteps=7")
	if err != nil {
		t.Fatal(err)
	}
	values := s.Values()
	for key, want := range map[string]string{"d": "moons", "c": "lower", "k": "ddpm", "ssteps": "7",
		"drop": "0.2", "g": "1", "s": "1"} {
		if values[key] != want {
			t.Errorf("%s is %q, want %q", key, values[key], want)
		}
	}
	for _, k := range Keys() {
		if _, ok := values[k.Name]; !ok {
			t.Errorf("%s has no value", k.Name)
		}
	}
	if s.Label() != 1 {
		t.Errorf("the class is %d, want 1", s.Label())
	}
}
