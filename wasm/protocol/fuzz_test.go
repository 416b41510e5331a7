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
		"raxaxa", "rdadld", "maaaa", "maramaca", "mapaua", "mpsssaaaaaa", "mxaxa", "ramama",
		"rrrrrrcccc", "Rsasasasaaaaaa", "rapraplrapcrapd", "faaaa", "fafapaua", "raaagaa",
		"ragagagaa", "ravafavaa", "Raaaaaagsasac", "\x00\xffr\x80a",
		"hkaanananana", "hkaapauanaca", "hkaaHaa", "hkaarnaaa", "hkaacna", "hkaafnaamawanna",
		"hkaaxkdvnana",
	} {
		f.Add(script)
	}
	f.Fuzz(func(t *testing.T, script string) {
		if len(script) > 300 {
			return
		}
		k := newTalk(t)
		id := 0
		ask := func(kind, recipe string) { k.session.Receive(request(kind, id, recipe)) }
		for i := range len(script) {
			switch script[i] {
			case 'r', 'R', 'b', 'g', 'k':
				id++
				run := map[byte]Run{
					'r': {Recipe: "m=toy&steps=3"}, 'R': {Recipe: "m=toy&steps=2&n=3"},
					'b': {Recipe: "m=toy&steps=x"},
					'k': {Recipe: "m=toy&c=cat&g=2&steps=5", Of: 2}, // with several passes a step
					'g': {Recipe: "m=toy&steps=3", From: 2, To: 3},  // the last steps again
				}[script[i]]
				run.ID, run.Keep = id, 500
				k.session.Receive(run)
			case 'd':
				id++
				ask("describe", "m=toy")
			case 'v':
				id++
				ask("plot", "m=toy")
			case 'm':
				id++
				ask("measure", "m=toy&steps=3")
			case 'f':
				id++
				ask("forward", "m=toy&steps=2")
			case 'w', 'W', 'o', 'D':
				id++
				k.session.Receive(Work{ID: id, Recipe: "m=toy&steps=3",
					Step:       map[byte]int{'w': 3, 'W': 1, 'o': 9, 'D': 2}[script[i]],
					Derivation: map[byte]string{'D': "posterior"}[script[i]]})
			case 'l':
				ask("load", "")
			case 'p':
				ask("pause", "")
			case 'u':
				ask("resume", "")
			case 's':
				ask("next", "")
			case 'c':
				ask("cancel", "")
			case 'h', 'H':
				k.session.Receive(Assist{On: script[i] == 'h'})
			case 'n': // what is asked for is answered
				for _, asked := range k.asked {
					k.session.Receive(Passed{asked.X})
				}
				k.asked = nil
			case 'x': // about the run before
				k.session.Receive(Cancel{ID: id - 1})
			default:
				k.session.Advance()
			}
		}
		id++
		ask("run", "m=toy&steps=1") // ends whatever is under way
		k.session.Receive(Assist{})
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
		default: // described, plotted, worked, derived, done, measured, cancelled, failed
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
