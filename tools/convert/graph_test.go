package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/tools/convert/family"
	"tweedie/weights"
)

// networkOf writes the state dictionary of a recorded network of package family, and its recording,
// and returns their names.
func networkOf(t *testing.T, name string) (state, recording string) {
	t.Helper()
	folder := t.TempDir()
	state, recording = filepath.Join(folder, name+".safetensors"),
		filepath.Join(folder, "io.safetensors")
	for from, to := range map[string]string{"state": state, "io": recording} {
		b := fixture.File(t, filepath.Join("family", "testdata", name, from+".safetensors.gz"))
		if err := os.WriteFile(to, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return state, recording
}

// mustFail returns what the converter says where it does not succeed.
func mustFail(t *testing.T, args ...string) string {
	t.Helper()
	status, out, err := command(args...)
	if status == 0 {
		t.Errorf("convert %s succeeds:\n%s", strings.Join(args, " "), out)
	}
	return err
}

// A network of another family is recognised, converted in every type, and agrees with its
// recording.
func TestFamilies(t *testing.T) {
	state, recording := networkOf(t, "lucidrains-cfg-ten")
	out := filepath.Join(t.TempDir(), "ten.safetensors")
	last := 0.0
	for _, dtype := range []string{"f32", "f16", "bf16", "int8"} {
		said := mustRun(t, "-size", "16", "-dtype", dtype, "-check", recording, "-o", out, state)
		if !strings.Contains(said, "family lucidrains-cfg") {
			t.Errorf("the family is not said:\n%s", said)
		}
		f := fixture.Weights(t, out)
		if f.Metadata["scheduler"] == "" || !strings.Contains(f.Metadata["config"], `"Graph"`) {
			t.Errorf("%s: the metadata are %v", dtype, f.Metadata)
		}
		largest := largestDifference(t, said)
		if !(largest > last) {
			t.Errorf("%s differs by %g, and the type before by %g", dtype, largest, last)
		}
		last = largest
	}
	f := fixture.Weights(t, out)
	types := map[weights.DType]bool{}
	for i := range f.Tensors {
		types[f.Tensors[i].DType] = true
	}
	if !types[weights.I8] || !types[weights.F16] || !types[weights.F32] {
		t.Errorf("eight bits are stored as %v", types)
	}
	// A file in eight bits is read with its scales, and so converts to itself.
	again := filepath.Join(t.TempDir(), "again.safetensors")
	mustRun(t, "-dtype", "int8", "-o", again, out)
	if !bytes.Equal(fixture.File(t, again), fixture.File(t, out)) {
		t.Error("a file in eight bits converts to another one")
	}
	says := mustFail(t, "-size", "8", "-o", again, out)
	if !strings.Contains(says, "-size says nothing to a weights file of this program") {
		t.Errorf("another size is answered with %q", says)
	}
}

// largestDifference is the number in the check's last line.
func largestDifference(t *testing.T, said string) float64 {
	t.Helper()
	_, line, ok := strings.Cut(said, "in all     max|Δ| ")
	var v float64
	if ok {
		if _, err := fmt.Sscan(line, &v); err == nil {
			return v
		}
	}
	t.Fatalf("there is no difference in\n%s", said)
	return 0
}

// -explain has a line for every node; -family takes another one only where it fits.
func TestExplains(t *testing.T) {
	state, _ := networkOf(t, "lucidrains-unet-basic")
	out := filepath.Join(t.TempDir(), "basic.safetensors")
	said := mustRun(t, "-size", "16", "-explain", "-o", out, state)
	for _, want := range []string{"init_conv", "tensors init_conv.*", "mid_attn", "of sample"} {
		if !strings.Contains(said, want) {
			t.Errorf("want %q in\n%s", want, said)
		}
	}
	if got := mustFail(t, "-size", "32", "-o", out, digits); !strings.Contains(got,
		"-size says nothing to a network of UNet2DModel") {
		t.Errorf("-size for a UNet2DModel: got %s", got)
	}
	for _, c := range []struct{ args, want string }{
		{"-size 16 -family dit", "there is no tensor"},
		{"-size 16 -family cat", "there is no family"},
		{"", "-size"},
		{"-size 0", "want a side"},
		{"-size 16 -prediction cat", "cat"},
		{"-size 16 -heads 4", "-heads says nothing to a network of the family lucidrains;"},
		{"-size 16 -range -1,1", "-range says nothing"},
		{"-size 16 -timesteps -5", "whole number from 1"},
		{"-size 16 -time-scale NaN", "above 0"},
		{"-size 17", "multiples of 2"},
		{"-size 16 -blocks x.safetensors", "-check"},
	} {
		got := mustFail(t, append(strings.Fields(c.args), "-o", out, state)...)
		if !strings.Contains(got,
			c.want) {
			t.Errorf("%s: got %s, want %q", c.args, got, c.want)
		}
	}
}

// -families names every family with what it is asked for.
func TestListsFamilies(t *testing.T) {
	said := mustRun(t, "-families")
	for _, f := range family.Families {
		if !strings.Contains(said, f.Name+": "+f.Of) {
			t.Errorf("%s is not listed in\n%s", f.Name, said)
		}
		for _, o := range f.Options {
			if !strings.Contains(said, o.Flag) {
				t.Errorf("%s of %s is not listed", o.Flag, f.Name)
			}
		}
	}
}

// -info says what a weights file and a checkpoint are, -set changes what is said of a file, and
// what the sampler could not take is not written.
func TestInfoAndSet(t *testing.T) {
	state, _ := networkOf(t, "lucidrains-cfg-ten")
	out := filepath.Join(t.TempDir(), "ten.safetensors")
	mustRun(t, "-size", "16", "-o", out, state)
	if said := mustRun(t, "-set", "title=Ten <things>", "-set", "licence=CC0",
		out); !strings.Contains(
		said, "wrote "+out) {
		t.Errorf("-set says %s", said)
	}
	said := mustRun(t, "-info", out)
	for _, want := range []string{"Ten <things>", "CC0", "84571",
		"16×16, in colour", "lucidrains-cfg",
		"multiply-adds", "MB"} {
		if !strings.Contains(said, want) {
			t.Errorf("want %q in\n%s", want, said)
		}
	}
	if said := mustRun(t, "-info", state); !strings.Contains(said, "state model: ") ||
		!strings.Contains(said, "init_conv.weight F32") {
		t.Errorf("of a checkpoint -info says\n%s", said)
	}
	before := fixture.File(t, out)
	for _, set := range []string{"classes=a,b", "name=x", "title",
		`sampling={"steps":0}`, "scheduler=cat"} {
		mustFail(t, "-set", set, out)
	}
	mustFail(t, "-set", "title=x", state)
	if !bytes.Equal(before, fixture.File(t, out)) {
		t.Error("a change that was refused was written")
	}
	mustRun(t, "-set", "title=", out)
	if fixture.Weights(t, out).Metadata["title"] != "" {
		t.Error("an empty text does not take an entry away")
	}
}

// The report holds pictures of both, and nothing of a file is markup in it.
func TestReportPage(t *testing.T) {
	state, recording := networkOf(t, "lucidrains-cfg-ten")
	page := filepath.Join(t.TempDir(), "report.html")
	mustRun(t, "-size", "16", "-dtype", "int8", "-title", "<script>alert(1)</script>",
		"-check", recording,
		"-report", page, state)
	text := string(fixture.File(t, page))
	for _, want := range []string{"&lt;script&gt;alert(1)", "as stored",
		"in all", "init_conv.weight",
		"F32 → I8"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	if n := strings.Count(text, `src="data:image/png;base64,`); n != 3 ||
		strings.Contains(text, "<script") {
		t.Errorf("there are %d pictures, or a script", n)
	}
	if strings.Contains(text, "http://") || strings.Contains(text, "https://") {
		t.Error("the report loads something")
	}
}

// A check that fails is in the report, and nothing else is written.
func TestReportOfAFailedCheck(t *testing.T) {
	state, recording := networkOf(t, "lucidrains-unet-selfcond")
	folder := t.TempDir()
	page, out := filepath.Join(folder, "report.html"), filepath.Join(folder, "o.safetensors")
	says := mustFail(t, "-size", "16", "-check", recording, "-tol", "1e-9", "-report", page, "-o",
		out, state)
	if !strings.Contains(says, "from the recorded outputs, 1e-09 is allowed") ||
		!strings.Contains(string(readFile(t, page)), "tolerance 1e-09") {
		t.Errorf("%q, or the report lacks the check", says)
	}
	if exists(out) {
		t.Error("the weights were written")
	}
	const assumed = "and what was assumed of the network, as said above, may be otherwise"
	if strings.Contains(says, assumed) {
		t.Errorf("nothing was assumed: %q", says)
	}
	state, recording = networkOf(t, "guided-neworder") // has heads of 8 channels
	if says := mustFail(t, "-size", "16", "-check", recording, state); !strings.Contains(says,
		assumed) {
		t.Errorf("got %q, want %q", says, assumed)
	}
	if says := mustFail(t, "-check", "absent", state); says !=
		"convert: there is no file absent, which -check names\n" {
		t.Errorf("got %q", says)
	}
}

// TestFamilySampling: -sampling adds to what the family says of sampling, and replaces an entry
// only by its own.
func TestFamilySampling(t *testing.T) {
	state, _ := networkOf(t, "improved-cond")
	out := filepath.Join(t.TempDir(), "model.safetensors")
	for given, want := range map[string]string{
		`{"steps":20}`: `{"guidance":1,"steps":20}`, `{"guidance":3}`: `{"guidance":3}`,
	} {
		mustRun(t, "-size", "16", "-sampling", given, "-o", out, state)
		if got := fixture.Weights(t, out).Metadata["sampling"]; got != want {
			t.Errorf("-sampling %s gives %s, want %s", given, got, want)
		}
	}
}

// What a network of a family cannot take is refused with the flag's name and what it can take.
func TestFamiliesSayWhatFits(t *testing.T) {
	for _, c := range []struct{ network, args, says string }{
		{"cfm-cifar", "-size 15", "-size 15×15 does not fit the network: height and width must " +
			"be multiples of 2"},
		{"cfm-cifar", "", "name their side with -size, a multiple of 2"},
		{"cfm-cifar", "-size 16 -classes a,b", "-classes gives 2 names, and the network has no " +
			"classes: leave -classes out"},
		{"improved-cond", "-size 16x15", "-size 16×15 does not fit the network: height and " +
			"width must be multiples of "},
		{"lucidrains-unet-basic", "-size 15", "must be multiples of 2"},
		{"lucidrains-cfg-ten", "-size 16 -classes a,b", "-classes gives 2 names, and the network " +
			"has 10 classes: give 10"},
		{"mindiffusion-cifar", "-size 48", "must be multiples of 32"},
		{"tea-mnist", "-size 32", "whose pictures are of 28×28"},
		{"tea-mnist", "-classes a,b,c", "-classes gives 3 names, and the network has "},
		{"dit-latent", "-heads 4 -size 16", "whose pictures are of 8×8"},
		{"dit-latent", "-heads 4 -classes a,b", "-classes gives 2 names, and the network's class " +
			"table has 11 rows: give 10 where the last row stands for no class, else 11"},
		{"dit-diffusers-old", "-heads 3 -size 15", "must be multiples of 4"},
		{"lucidrains-unet-basic", "-size 16 -config " + field + "config.json", "-config says " +
			"nothing to a network of the family lucidrains"},
		{"lucidrains-unet-basic", "-size 16 -prediction flow_prediction", "is one of epsilon, " +
			"sample, v_prediction, not \"flow_prediction\""},
	} {
		state, _ := networkOf(t, c.network)
		out := filepath.Join(t.TempDir(), "out.safetensors")
		says := mustFail(t, append(strings.Fields(c.args), "-o", out, state)...)
		if !strings.Contains(says, c.says) {
			t.Errorf("%s %s: got %q, want %q", c.network, c.args, says, c.says)
		}
	}
}

// What a type costs the predictions is said; where it is much, with a better type.
func TestCostOfTypes(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out.safetensors")
	for _, c := range []struct{ network, dtype, says, warns string }{
		{"mindiffusion-cifar", "int8", "", "int8 changes the predictions by 12 %, and f16 " +
			"by 0.61 %: -dtype f16 is the better choice"},
		{"mindiffusion-cifar", "bf16", "bf16 changes the predictions by 4.6 %", ""},
		{"mindiffusion-cifar", "f16", "", ""},
		{"lucidrains-unet-selfcond", "int8", "int8 changes the predictions by 1.5 %", ""},
		{"tea-mnist", "int8", "int8 changes the predictions by 1.3 %", ""},
	} {
		state, _ := networkOf(t, c.network)
		args := []string{"-brief", "-dtype", c.dtype, "-o", out, state}
		if strings.HasPrefix(c.network, "lucidrains") {
			args = append([]string{"-size", "16"}, args...)
		}
		status, said, warned := command(args...)
		for _, got := range [][2]string{{said, c.says}, {warned, c.warns}} {
			if status != 0 || !strings.Contains(got[0], got[1]) ||
				strings.Contains(got[0], "changes the predictions") != (got[1] != "") {
				t.Errorf("%s as %s: status %d, %q, want %q", c.network, c.dtype, status, got[0],
					got[1])
			}
		}
	}
}

// The report shows the channels of latents side by side, and of two channels the first.
func TestReportOfChannels(t *testing.T) {
	for channels, want := range map[string][3]int{"2": {2, 4, 3}, "3": {3, 4, 3}, "4": {1, 4, 12}} {
		f := &weights.File{Metadata: map[string]string{"config": `{"_class_name": "Graph",
			"sample": [` + channels + `, 4, 3],
			"nodes": [{"name": "x", "op": "scale", "of": ["sample"], "by": 0.5}]}`}}
		b, err := f.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		list, c, h, w, err := pictures(b, drawnRecipe)
		if got := [3]int{c, h, w}; err != nil || len(list) != 4 || got != want ||
			len(list[0]) != c*h*w {
			t.Errorf("%s channels: got %d pictures of %v, %v, want %v", channels, len(list), got,
				err, want)
			continue
		}
		if p := grid("", list, c, h, w); p.Width < 4*w {
			t.Errorf("%s channels: their grid is %d wide", channels, p.Width)
		}
	}
}
