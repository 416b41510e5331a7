//go:build !js

package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/internal/fixture"
)

// loadDigits is the message that loads the shipped model.
func loadDigits(t *testing.T) string {
	t.Helper()
	name, err := filepath.Abs(filepath.Join("..", "..", "weights", "digits.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(map[string]string{"type": "load", "model": "digits", "file": name})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// golden returns the first recipe of the file that wasm/protocol's test keeps,
// with its hash and without.
func golden(t *testing.T) (done, recipe string) {
	t.Helper()
	return goldenOf(t, "m=digits")
}

// goldenOf returns the first that holds a text.
func goldenOf(t *testing.T, part string) (done, recipe string) {
	t.Helper()
	for _, l := range fixture.Lines(t, filepath.Join("..", "protocol", "testdata", "golden.txt")) {
		if strings.Contains(l.Name, part) && !strings.Contains(l.Name, " ") {
			return l.Name + "&h=" + l.Value, l.Name
		}
	}
	t.Fatalf("no golden recipe holds %q", part)
	return "", ""
}

// pixels returns the bytes of a picture in a message.
func pixels(t *testing.T, m message, key string) []byte {
	t.Helper()
	text, _ := m[key].(string)
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(b) == 0 {
		t.Fatalf("%s of %v holds no pixels: %v", key, m, err)
	}
	return b
}

// TestWorker holds one conversation with both builds: the same recipe comes to
// the same bytes as it does natively.
func TestWorker(t *testing.T) {
	want, recipe := golden(t)
	for _, c := range []struct {
		name    string
		options options
		simd    bool
		more    string // of the message with the weights
	}{
		{"simd", options{}, true, ""},
		{"scalar", options{Scalar: true}, false, ""},
		{"wrong media type", options{Types: map[string]string{"worker.wasm": "text/plain"}}, true,
			""},
		{"file in pieces", options{}, true, `,"blob":true}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := start(t, c.options)
			if m := h.next(); m["type"] != "compiled" || m["module"] != "module" {
				t.Fatalf("got %v, want the compiled module", m)
			}
			if m := h.next(); m["type"] != "ready" || m["simd"] != c.simd {
				t.Fatalf("got %v, want ready with simd %v", m, c.simd)
			}
			weights := loadDigits(t)
			if c.more != "" {
				weights = strings.TrimSuffix(weights, "}") + c.more
			}
			h.send(weights)
			if m := h.next(); m["type"] != "model" || m["width"] != 32.0 ||
				m["parameters"] != 1114209.0 {
				t.Fatalf("got %v, want the model", m)
			}
			h.send(`{"type":"run","id":1,"recipe":"` + recipe + `"}`)
			all := h.until("done", 1)
			if !all[0].is("started", 1) || len(all) != 6 {
				t.Fatalf("got %d messages, %v first, want 6 beginning with started",
					len(all), all[0])
			}
			done, last := all[5], all[4]
			if done["recipe"] != want {
				t.Errorf("got %v, want %q", done["recipe"], want)
			}
			sum := sha256.Sum256(pixels(t, last, "xt"))
			if got := hex.EncodeToString(sum[:]); got != done["hash"] {
				t.Errorf("the last picture has the hash %s, done says %v", got, done["hash"])
			}
			if x0 := pixels(t, last, "x0"); len(x0) != 32*32 ||
				bytes.Equal(x0, pixels(t, all[1], "x0")) {
				t.Errorf("x̂0 has %d pixels and does not change from the first step to the last",
					len(x0))
			}
		})
	}
}

// TestWorkerTakesPictures edits and estimates one, in both builds: the golden
// recipe comes to the same bytes, and the last term to the estimate.
func TestWorkerTakesPictures(t *testing.T) {
	want, recipe := goldenOf(t, "&mask=")
	image, mask := make([]byte, 32*32), make([]byte, 32*32) // those of wasm/protocol's golden test
	for i := range image {
		x, y := i%32-16, i/32-16
		if square := x*x + y*y; square > 36 && square < 81 {
			image[i] = byte(255 - square)
		}
		if x >= 0 {
			mask[i] = 255
		}
	}
	inputs := fmt.Sprintf(`"image":"%s","mask":"%s"`,
		base64.StdEncoding.EncodeToString(image), base64.StdEncoding.EncodeToString(mask))
	for _, scalar := range []bool{false, true} {
		h := start(t, options{Scalar: scalar})
		h.send(loadDigits(t), `{"type":"run","id":1,"recipe":"`+recipe+`",`+inputs+`}`)
		all := h.until("done", 1)
		if got := all[len(all)-1]["recipe"]; got != want {
			t.Errorf("got %v, want %q", got, want)
		}
		bare, _, _ := strings.Cut(recipe, "&image=")
		h.send(`{"type":"describe","id":2,"recipe":"` + bare + `",` + inputs + `}`)
		if m := h.next(); !m.is("described", 2) ||
			!strings.Contains(recipe, m["recipe"].(string)) ||
			!strings.Contains(m["recipe"].(string), "&mask=") {
			t.Errorf("got %v, want the names of both pictures", m)
		}
		h.send(`{"type":"measure","id":3,"recipe":"m=digits&c=0&steps=2",` +
			inputs[:strings.Index(inputs, ",")] + `,"draws":2,"form":"denoising"}`)
		all = h.until("measured", 3)
		if len(all) != 4 || !all[0].is("measuring", 3) || all[0]["terms"] != 2.0 ||
			!all[1].is("term", 3) || all[1]["t"] != 999.0 || all[2]["total"] != all[3]["bits"] ||
			all[3]["bits"] == nil {
			t.Errorf("got %v, want two terms and their sum", all)
		}
		h.send(`{"type":"measure","id":4,"recipe":"m=digits",`+inputs[:strings.Index(inputs,
			",")]+`}`, `{"type":"cancel","id":4}`)
		h.until("cancelled", 4)
	}
}

// TestWorkerForks runs the golden recipe with forks in both builds: its bytes are the native ones.
func TestWorkerForks(t *testing.T) { runsGolden(t, "&fork=") }

// TestWorkerCaches does the same with one that uses deep features again.
func TestWorkerCaches(t *testing.T) { runsGolden(t, "&cache=3") }

// runsGolden runs the first golden recipe that holds a text, in both builds.
func runsGolden(t *testing.T, part string) {
	t.Helper()
	want, recipe := goldenOf(t, part)
	for _, scalar := range []bool{false, true} {
		h := start(t, options{Scalar: scalar})
		h.send(loadDigits(t), `{"type":"run","id":1,"recipe":"`+recipe+`"}`)
		all := h.until("done", 1)
		if got := all[len(all)-1]["recipe"]; got != want {
			t.Errorf("scalar %v: got %v, want %q", scalar, got, want)
		}
	}
}

// TestWorkersShareARun deals the golden recipes of two pictures to two workers
// and has a third combine what they made.
func TestWorkersShareARun(t *testing.T) {
	sharesGolden(t, "&n=2&")
	sharesGolden(t, "&n=2&k=heun")
}

// sharesGolden is TestWorkersShareARun for the first golden recipe that holds a text.
func sharesGolden(t *testing.T, part string) {
	t.Helper()
	want, recipe := goldenOf(t, part)
	var all []byte
	for share := range 2 {
		h := start(t, options{})
		h.send(loadDigits(t), fmt.Sprintf(`{"type":"run","id":1,"recipe":"%s","share":%d,"of":8}`,
			recipe, share))
		said := h.until("part", 1)
		last := said[len(said)-2]
		if last["image"] != float64(share) || last["images"] != 2.0 ||
			last["step"] != last["steps"] {
			t.Errorf("share %d ends with %v, want its picture's last step", share, last)
		}
		if ms, _ := said[len(said)-1]["ms"].(float64); ms <= 0 {
			t.Errorf("share %d took %v ms", share, ms)
		}
		for _, m := range said {
			if m.is("started", 1) && m["shares"] != 2.0 {
				t.Errorf("got %v, want 2 shares", m)
			}
		}
		all = append(all, pixels(t, last, "xt")...)
	}
	h := start(t, options{})
	h.send(loadDigits(t), fmt.Sprintf(`{"type":"combine","id":5,"recipe":"%s","base64":"%s"}`,
		recipe, base64.StdEncoding.EncodeToString(all)))
	said := h.until("done", 5)
	if got := said[len(said)-1]["recipe"]; got != want {
		t.Errorf("got %v, want %q", got, want)
	}
}

// TestWorkerAnswersWhileItRuns cancels, pauses and misuses a run under way. The
// run would take minutes: only messages that get in between its steps end it.
func TestWorkerAnswersWhileItRuns(t *testing.T) {
	h := start(t, options{})
	h.send(loadDigits(t), `{"type":"run","id":1,"recipe":"m=digits&steps=1000&n=64"}`)
	if all := h.until("step", 1); !all[len(all)-2].is("started", 1) {
		t.Fatalf("got %v, want a start before the first step", all)
	}
	h.send(`{"type":"pause","id":1}`)
	h.until("paused", 1)
	h.send(`null`, `7`, `{"id":{}}`, `{"type":["run"],"id":2}`,
		`{"type":"run","id":1.5,"recipe":"m=digits"}`,
		`{"type":"load","model":"x","bytes":"text"}`,
		`{"type":"describe","id":3,"recipe":"m=digits&c=7&zoom=2"}`)
	for _, want := range []string{
		"a message has no type", "a message has no type", "a message has no type",
		"a message has no type",
		"a message of type 'run' needs an id, a whole number from 1",
		`the model "x" cannot be loaded: the message holds no bytes`,
	} {
		if m := h.next(); !m.is("failed", 0) || m["message"] != want {
			t.Errorf("got %v, want a failure that says %q", m, want)
		}
	}
	if m := h.next(); !m.is("failed", 3) || m["key"] != "zoom" {
		t.Errorf("got %v, want a failure of 3 by the key zoom", m)
	}
	h.send(`{"type":"resume","id":1}`)
	h.until("step", 1)
	h.send(`{"type":"run","id":4,"recipe":"m=digits&steps=1"}`)
	h.until("cancelled", 1)
	h.until("done", 4)
	h.send(`{"type":"describe","id":5,"recipe":"m=digits&c=007"}`)
	m := h.next()
	if !m.is("described", 5) || m["recipe"] != "m=digits&c=7" {
		t.Fatalf("got %v, want the canonical recipe", m)
	}
	h.send(`{"type":"plot","id":6,"recipe":"m=digits&steps=4"}`)
	p := h.next()
	steps, _ := p["steps"].([]any)
	if schedule, _ := p["schedule"].([]any); !p.is("plotted", 6) || len(steps) != 5 ||
		len(schedule) != 1000 {
		t.Fatalf("got %d levels of 4 steps and %d of 1000 timesteps", len(steps), len(schedule))
	}
	if first, _ := steps[0].(map[string]any); first["t"] != 750.0 || first["deviation"] == nil {
		t.Errorf("the first step begins at %v", first)
	}
	fields := m["fields"].(map[string]any)
	for key, want := range map[string]string{"c": "7", "steps": "50"} {
		if field := fields[key].(map[string]any); field["value"] != want {
			t.Errorf("the field %s is %v, want the value %s", key, field, want)
		}
	}
}

// TestWorkerIsPaced takes pictures slowly: no more than it may be ahead come,
// and what is asked meanwhile is answered.
func TestWorkerIsPaced(t *testing.T) {
	h := start(t, options{})
	h.send(`{"type":"ahead","most":2}`,
		loadDigits(t), `{"type":"run","id":1,"recipe":"m=digits&g=1&steps=9"}`)
	h.until("started", 1)
	id := 1
	for i, took := range []int{0, 1, 2} {
		if took > 0 {
			h.send(fmt.Sprintf(`{"type":"took","pictures":%d}`, took))
		}
		for range []int{2, 1, 2}[i] {
			if m := h.next(); !m.is("step", 1) {
				t.Fatalf("got %v, want a step", m)
			}
		}
		id++
		h.send(fmt.Sprintf(`{"type":"describe","id":%d,"recipe":"m=digits"}`, id))
		if m := h.next(); !m.is("described", id) {
			t.Fatalf("got %v, want an answer before the next step", m)
		}
	}
	// Another run is not held up by what was not taken of this one.
	h.send(`{"type":"run","id":8,"recipe":"m=digits&g=1&steps=2"}`)
	h.until("cancelled", 1)
	h.until("done", 8)
	h.send(`{"type":"ahead","most":0}`, `{"type":"run","id":9,"recipe":"m=digits&g=1&steps=9"}`)
	h.until("done", 9)
}

func TestWorkerTakesWhatItIsGiven(t *testing.T) {
	_, recipe := golden(t)
	h := start(t, options{Name: "given", Status: map[string]int{"worker.wasm": 500}})
	h.send(loadDigits(t), `{"type":"run","id":1,"recipe":"`+recipe+`"}`,
		`{"type":"sampler","wasm":"worker.wasm"}`)
	for i, want := range []string{"ready", "model", "started"} {
		if m := h.next(); m["type"] != want {
			t.Fatalf("message %d: got %v, want %s", i, m, want)
		}
	}
	h.until("done", 1)
}
