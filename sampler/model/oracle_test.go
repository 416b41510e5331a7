package model

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/likelihood"
	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/weights"
)

// oracleFile returns the shipped file of stored pictures, the pictures and their classes.
func oracleFile(t *testing.T) (file []byte, pictures [][]byte, classes []byte) {
	t.Helper()
	const path = "../../weights/digits-oracle.safetensors"
	f := fixture.Weights(t, path)
	means, labels := fixture.Tensor(t, f, "pictures"), fixture.Tensor(t, f, "classes")
	for i := range labels.Data {
		pictures = append(pictures, means.Data[i*1024:(i+1)*1024])
	}
	return fixture.File(t, path), pictures, labels.Data
}

// TestOracleRemembers: a picture that is drawn with the exact denoiser is one of its
// pictures, of the class that was asked for, with guidance and without.
func TestOracleRemembers(t *testing.T) {
	file, pictures, classes := oracleFile(t)
	m, info, err := Open("digits-oracle", file)
	if err != nil {
		t.Fatal(err)
	}
	if parameters, stored := Size(m); parameters != 0 || stored != 500 || len(pictures) != 500 {
		t.Errorf("%d parameters, %d and %d pictures", parameters, stored, len(pictures))
	}
	for _, text := range []string{"c=all&g=1", "c=all", "n=6", "c=3&n=4&k=dpmpp_2m&steps=20&g=1",
		"c=8&n=4&k=ddpm&steps=200&g=1"} {
		run := draw(t, "m=digits-oracle&s=5&"+text, info, m)
		labels := run.Settings().Labels
		for i := range run.Images() {
			drawn := make([]byte, 1024)
			picture.Pixels(drawn, run.X(i), 1, 32, 32)
			found := slices.IndexFunc(pictures, func(p []byte) bool {
				return farthest(p, drawn) <= 2
			})
			switch {
			case found < 0:
				t.Errorf("%s: picture %d is none of those that are stored", text, i)
			case labels[i] >= 0 && int(classes[found]) != labels[i]:
				t.Errorf("%s: picture %d is a stored %d, want a %d", text, i, classes[found],
					labels[i])
			}
		}
	}
}

// farthest returns the largest difference of two pictures' pixels.
func farthest(a, b []byte) (most int) {
	for i, v := range a {
		most = max(most, int(v)-int(b[i]), int(b[i])-int(v))
	}
	return most
}

// TestOracleBound: a stored picture costs log2(50) bits under its class, and what the
// noise of the first timestep hides of its pixels; one that is not stored costs far
// more.
func TestOracleBound(t *testing.T) {
	file, pictures, _ := oracleFile(t)
	m, info, err := Open("digits-oracle", file)
	if err != nil {
		t.Fatal(err)
	}
	r, err := recipe.Parse("m=digits-oracle&c=0&steps=40")
	if err != nil {
		t.Fatal(err)
	}
	bits := func(image []byte) float64 {
		e, err := likelihood.New(r, info, m, image, likelihood.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for e.Next() {
		}
		if e.Err() != nil || math.IsNaN(e.Total()) {
			t.Fatalf("%v bits, %v", e.Total(), e.Err())
		}
		return e.Total()
	}
	stored, mirrored := bits(pictures[0]), slices.Clone(pictures[0])
	for row := range slices.Chunk(mirrored, 32) {
		slices.Reverse(row)
	}
	if other := bits(mirrored); !(stored < 1.5 && other > 100*stored) {
		t.Errorf("a stored picture takes %v bits per dimension and its mirror image %v", stored,
			other)
	}
}

func TestOracleRefuses(t *testing.T) {
	file, _, _ := oracleFile(t)
	for _, c := range []struct {
		says   string
		change func(f *weights.File)
	}{
		{"needs the tensors pictures", func(f *weights.File) { f.Tensors = f.Tensors[:1] }},
		{"no picture is of class 0", func(f *weights.File) {
			f.Tensors[0].Data = bytes.Repeat([]byte{9}, 500)
		}},
		{"classes", func(f *weights.File) { f.Metadata["classes"] = `["even","odd"]` }},
		{"must have timesteps", func(f *weights.File) {
			f.Metadata["scheduler"] = `{"_class_name":"EDMEulerScheduler"}`
		}},
		{"prediction_type", func(f *weights.File) {
			f.Metadata["scheduler"] = `{"prediction_type":"guess"}`
		}},
	} {
		f, err := weights.Parse(slices.Clone(file))
		if err != nil {
			t.Fatal(err)
		}
		c.change(f)
		b, err := f.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := Open("digits-oracle", b); err == nil ||
			!strings.Contains(err.Error(), c.says) {
			t.Errorf("error %v, want %q in it", err, c.says)
		}
	}
}
