package model

import (
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler"
	"tweedie/sampler/network"
	"tweedie/sampler/recipe"
	"tweedie/weights"
)

const shipped = "../../weights/digits.safetensors"

// draw runs a recipe to its end.
func draw(t *testing.T, text string, info recipe.Info, m network.Model) *sampler.Run {
	t.Helper()
	r, err := recipe.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	run, err := sampler.NewRun(r, info, m)
	if err != nil {
		t.Fatal(err)
	}
	for run.Next() {
	}
	if run.Err() != nil {
		t.Fatal(run.Err())
	}
	return run
}

func TestOpen(t *testing.T) {
	m, info, err := Open("digits", fixture.File(t, shipped))
	if err != nil {
		t.Fatal(err)
	}
	parameters, pictures := Size(m)
	if info.Name != "digits" || info.Title != "Digits" || len(info.Classes) != 10 ||
		m.Classes() != 10 || parameters != 1114209 || pictures != 0 {
		t.Errorf("got %+v, %d classes, %d parameters, %d pictures", info, m.Classes(), parameters,
			pictures)
	}
	if len(info.Hash) != 16 || len(info.Scheduler.TrainedBetas) != 0 {
		t.Errorf("got hash %q and %d trained betas", info.Hash, len(info.Scheduler.TrainedBetas))
	}
}

func TestOpenFails(t *testing.T) {
	whole := fixture.File(t, shipped)
	for what, b := range map[string][]byte{"empty": nil, "cut": whole[:len(whole)/2],
		"no weights": []byte("<!doctype html>")} {
		if _, _, err := Open("digits", b); err == nil {
			t.Errorf("%s: no error", what)
		}
	}
	guide := fixture.File(t, "../../weights/digits-classifier.safetensors")
	if _, _, err := Open("digits-classifier", guide); err == nil ||
		!strings.Contains(err.Error(), "holds a classifier") {
		t.Errorf("a classifier: %v", err)
	}
}

func TestIsClassifier(t *testing.T) {
	for class, want := range map[string]bool{
		`{"_class_name":"NoisyClassifier"}`: true, `{"_class_name":"UNet2DModel"}`: false,
		`{"_class_name":7}`: false, `{}`: false, `[`: false, ``: false,
	} {
		f := &weights.File{Metadata: map[string]string{"config": class}}
		if got := IsClassifier(f); got != want {
			t.Errorf("%s: got %v", class, got)
		}
	}
}

// TestLearnedSchedule adds a learned schedule to the digits. A run uses its noise levels, and the
// error about a bad one names the tensor.
func TestLearnedSchedule(t *testing.T) {
	with := func(gamma ...float32) []byte {
		f := fixture.Weights(t, shipped)
		add := func(name string, shape []int, x ...float32) {
			f.Tensors = append(f.Tensors, fixture.NewTensor(name, shape, x...))
		}
		add("schedule.l1.weight", []int{1, 1}, 1)
		add("schedule.l1.bias", []int{1}, 0)
		add("schedule.l2.weight", []int{2, 1}, 3, 0.5)
		add("schedule.l2.bias", []int{2}, -1, 0)
		add("schedule.l3.weight", []int{1, 2}, 2, 1)
		add("schedule.gamma", []int{2}, gamma...)
		b, err := f.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	m, info, err := Open("digits", with(-9, 6))
	if err != nil {
		t.Fatal(err)
	}
	if len(info.Scheduler.TrainedBetas) != 1000 {
		t.Fatalf("got %d betas, want the schedule's 1000", len(info.Scheduler.TrainedBetas))
	}
	draw(t, "c=3&steps=2", info, m)
	if _, _, err := Open("digits", with(6, -9)); err == nil ||
		!strings.Contains(err.Error(), "schedule.gamma") {
		t.Errorf("a schedule that rises: got %v, want an error that names schedule.gamma", err)
	}
}
