package checkpoint

import (
	"path"
	"runtime"
	"testing"
	"testing/fstest"

	"tweedie/internal/saved"
	"tweedie/weights"
)

// small is a network of three tensors.
func small(prefix string) []weights.Tensor {
	var list []weights.Tensor
	for i, name := range []string{anchor, "conv_in.bias", "conv_out.bias"} {
		list = append(list, weights.Tensor{Name: prefix + name, DType: weights.F32,
			Shape: []int{i + 1}, Data: make([]byte, 4*(i+1))})
	}
	return list
}

func ordered(list []weights.Tensor) saved.Ordered {
	var d saved.Ordered
	for i := range list {
		d = append(d, saved.Pair{Key: list[i].Name, Value: &list[i]})
	}
	return d
}

func safetensors(t testing.TB, list []weights.Tensor) []byte {
	b, err := (&weights.File{Tensors: list}).Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// FuzzParse: no bytes crash the way from a file to a state dictionary, or take more memory than
// their number allows.
func FuzzParse(f *testing.F) {
	averaged := saved.Dict{{Key: "model", Value: ordered(small("module."))},
		{Key: "ema", Value: saved.Dict{{Key: "shadow_params", Value: saved.List{
			&small("")[0], &small("")[1], &small("")[2]}}}}}
	bare := append(small("model."), small("")...)
	for i, name := range []string{"model_ema.conv_inweight", "model_ema.conv_inbias",
		"model_ema.conv_outbias"} {
		bare[3+i].Name = name
	}
	f.Add(safetensors(f, small("a.")))
	f.Add(safetensors(f, bare))
	f.Add(saved.Zip(averaged))
	f.Add(saved.Legacy(averaged))
	f.Add(saved.Zip(saved.Dict{{Key: "args", Value: saved.Object{
		New: saved.Global{"argparse", "Namespace"}, State: saved.Dict{{Key: "lr", Value: 0.1}}}}}))
	f.Add([]byte("version https://git-lfs.github.com/spec/v1\n"))
	f.Add([]byte("<!doctype html>"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		c, err := Parse(b)
		if err == nil {
			found, _ := Find(c.Root, marks)
			for i := range found {
				checkState(t, &found[i])
			}
			if len(found) > 0 {
				_, _, _ = Choose(found, "")
				_, _, _ = Choose(found, "model")
			} else if Strange(c.Root).Error() == "" {
				t.Error("nothing is said about a file without a network")
			}
		}
		runtime.ReadMemStats(&after)
		const most, perByte = 4 << 20, 2048
		if got := after.TotalAlloc - before.TotalAlloc; got > most+perByte*uint64(len(b)) {
			t.Errorf("%d bytes allocated for a file of %d", got, len(b))
		}
	})
}

// checkState checks that each tensor has the bytes that its shape says.
func checkState(t *testing.T, s *State) {
	for i := range s.Tensors {
		x := &s.Tensors[i]
		if len(x.Data) != x.Len()*x.DType.Size() {
			t.Errorf("%q: %d bytes for %v %v", x.Name, len(x.Data), x.DType, x.Shape)
		}
	}
}

// FuzzIndex: an index that names files outside its folder is refused.
func FuzzIndex(f *testing.F) {
	const index = "m/model.safetensors.index.json"
	f.Add([]byte(`{"weight_map":{"conv_in.weight":"a.safetensors",` +
		`"conv_in.bias":"b.safetensors"}}`))
	f.Add([]byte(`{"metadata":{"total_size":1},"weight_map":{"w":"../secret.safetensors"}}`))
	f.Add([]byte(`{"weight_map":{"w":"."}}`))
	list := small("")
	part := [][]byte{safetensors(f, list[:1]), safetensors(f, list[1:])}
	f.Fuzz(func(t *testing.T, text []byte) {
		files := fstest.MapFS{index: {Data: text}, "secret.safetensors": {Data: part[0]},
			"m/a.safetensors": {Data: part[0]}, "m/b.safetensors": {Data: part[1]}}
		s, err := Locate(files, index)
		if err != nil {
			return
		}
		for _, w := range s.Weights {
			if path.Dir(w) != "m" {
				t.Fatalf("reads %q", w)
			}
		}
		if c, err := s.Read(); err == nil && len(c.Root.Entries) == 0 {
			t.Error("an index of nothing is read")
		}
	})
}
