package protocol

import (
	"strconv"
	"strings"
	"testing"
)

// FuzzConversation holds any conversation: each byte is a request or an Advance.
// Whatever is said, a request to run ends exactly once, nothing is said of it
// afterwards, its steps come in order, and at most one is under way.
func FuzzConversation(f *testing.F) {
	for _, script := range []string{
		"", "r", "raaaaaaaa", "rarara", "rapaua", "rapsasaca", "rpsssaaaaaa", "bara", "Rapapacuca",
		"raxaxa", "rdadld", "maaaa", "maramaca", "mapaua", "mpsssaaaaaa", "mxaxa", "ramama", "rrrrrrcccc", "Rsasasasaaaaaa", "rapraplrapcrapd", "faaaa", "fafapaua", "raaagaa", "ragagagaa", "Raaaaaagsasac", "\x00\xffr\x80a",
	} {
		f.Add(script)
	}
	f.Fuzz(func(t *testing.T, script string) {
		if len(script) > 300 {
			return
		}
		k := newTalk(t)
		id := 0
		var image []byte // a run has none, and its recipe names none
		ask := func(kind, recipe string) {
			k.session.Receive(Request{Type: kind, ID: id, Recipe: recipe, Model: "toy", Bytes: []byte("toy"), Image: image, Keep: 500})
		}
		for i := range len(script) {
			switch script[i] {
			case 'r', 'R', 'b', 'd':
				id++
				recipe := map[byte]string{'r': "m=toy&steps=3", 'R': "m=toy&steps=2&n=3", 'b': "m=toy&steps=x", 'd': "m=toy"}
				kind := TypeRun
				if script[i] == 'd' {
					kind = TypeDescribe
				}
				ask(kind, recipe[script[i]])
			case 'm':
				id++
				image = make([]byte, 6)
				ask(TypeBound, "m=toy&steps=3")
				image = nil
			case 'f':
				id++
				image = make([]byte, 6)
				ask(TypeForward, "m=toy&steps=2")
				image = nil
			case 'g': // the last steps again
				id++
				k.session.Receive(Request{Type: TypeRun, ID: id, Recipe: "m=toy&steps=3", From: 2, To: 3, Keep: 1 << 10})
			case 'l':
				ask(TypeLoad, "")
			case 'p':
				ask(TypePause, "")
			case 'u':
				ask(TypeResume, "")
			case 's':
				ask(TypeStep, "")
			case 'c':
				ask(TypeCancel, "")
			case 'x': // about the run before
				id--
				ask(TypeCancel, "")
				id++
			default:
				k.session.Advance()
			}
		}
		id++
		ask(TypeRun, "m=toy&steps=1") // ends whatever is under way
		for k.session.Advance() {
		}
		checkEnds(t, k.said, id)
	})
}

// checkEnds goes through what was said of the requests 1 to last.
func checkEnds(t *testing.T, said []string, last int) {
	ended := map[string]bool{}
	under, step := "", 0
	for i, line := range said {
		words := strings.Fields(line)
		kind := words[0]
		if kind == "model" {
			continue
		}
		id := words[1]
		if ended[id] {
			t.Fatalf("message %d, %q, comes after the end of %s: %q", i, line, id, said)
		}
		switch kind {
		case "started", "measuring":
			if under != "" {
				t.Fatalf("message %d: %s starts while %s is under way: %q", i, id, under, said)
			}
			under, step = id, 0
		case "step", "term":
			text, _, _ := strings.Cut(words[2], "/")
			n, err := strconv.Atoi(text)
			if err != nil || id != under || n < step || n > step+1 && step > 0 {
				t.Fatalf("message %d, %q, is out of order (%v): %q", i, line, err, said)
			}
			step = n
		case "paused":
			if id != under {
				t.Fatalf("message %d, %q, is not about %q: %q", i, line, under, said)
			}
		default: // recipe, done, cancelled, failed
			ended[id] = true
			if id == under {
				under = ""
			}
		}
	}
	for id := 1; id <= last; id++ {
		if !ended[strconv.Itoa(id)] {
			t.Fatalf("%d does not end: %q", id, said)
		}
	}
}
