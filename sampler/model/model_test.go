package model

import (
	"encoding/binary"
	"math"
	"os"
	"strings"
	"testing"

	"tweedie/sampler"
	"tweedie/sampler/recipe"
	"tweedie/weights"
)

func digits(t *testing.T) []byte {
	t.Helper()
	b, err := os.ReadFile("../../weights/digits.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestOpen(t *testing.T) {
	m, info, err := Open("digits", digits(t))
	if err != nil {
		t.Fatal(err)
	}
	parameters, pictures := Size(m)
	if info.Name != "digits" || info.Title != "Digits" || len(info.Classes) != 10 || m.Classes() != 10 || parameters != 1114209 || pictures != 0 {
		t.Errorf("got %+v, %d classes, %d parameters, %d pictures", info, m.Classes(), parameters, pictures)
	}
	if len(info.Hash) != 16 || len(info.Scheduler.TrainedBetas) != 0 {
		t.Errorf("got hash %q and %d trained betas", info.Hash, len(info.Scheduler.TrainedBetas))
	}
}

func TestOpenFails(t *testing.T) {
	whole := digits(t)
	for what, b := range map[string][]byte{"empty": nil, "cut": whole[:len(whole)/2], "no weights": []byte("<!doctype html>")} {
		if _, _, err := Open("digits", b); err == nil {
			t.Errorf("%s: no error", what)
		}
	}
	guide, err := os.ReadFile("../../weights/digits-classifier.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = Open("digits-classifier", guide)
	if err == nil || !strings.Contains(err.Error(), "holds a classifier") {
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

// TestLearnedSchedule adds a learned schedule to the digits: its levels are
// those that a run uses, and a bad one is refused by the name of the tensor.
func TestLearnedSchedule(t *testing.T) {
	with := func(gamma ...float32) []byte {
		f, err := weights.Parse(digits(t))
		if err != nil {
			t.Fatal(err)
		}
		add := func(name string, shape []int, x ...float32) {
			b := make([]byte, 0, 4*len(x))
			for _, v := range x {
				b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
			}
			f.Tensors = append(f.Tensors, weights.Tensor{Name: name, DType: weights.F32, Shape: shape, Data: b})
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
	r, err := recipe.Parse("c=3&steps=2")
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
		t.Error(run.Err())
	}
	if _, _, err := Open("digits", with(6, -9)); err == nil || !strings.Contains(err.Error(), "schedule.gamma") {
		t.Errorf("a schedule that rises: got %v, want an error that names schedule.gamma", err)
	}
}
