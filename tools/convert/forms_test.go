package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/internal/saved"
	"tweedie/weights"
)

// The cases of this file are forms in which people have one network, which testdata/field has as
// diffusers saves it. All must give the bytes that this gives.
const field = "testdata/field/"

const (
	schedulerName = "scheduler_config.json"
	modelName     = "diffusion_pytorch_model.safetensors"
)

// folder is the files of a case.
type folder map[string][]byte

func (f folder) write(t testing.TB) string {
	t.Helper()
	root := t.TempDir()
	for name, b := range f {
		writeFile(t, filepath.Join(root, name), b)
	}
	return root
}

// described returns the files that describe the network, below a folder.
func described(t testing.TB, under string) folder {
	return folder{under + "config.json": readFile(t, field+"config.json"),
		under + schedulerName: readFile(t, field+schedulerName)}
}

// with adds files.
func (f folder) with(name string, b []byte) folder {
	f[name] = b
	return f
}

// tensors returns the network's tensors with a prefix before their names.
func tensors(t testing.TB, prefix string) []weights.Tensor {
	list := parse(t, field+modelName).Tensors
	for i := range list {
		list[i].Name = prefix + list[i].Name
	}
	return list
}

// zeros returns tensors of the same shapes that hold zeros.
func zeros(list []weights.Tensor) []weights.Tensor {
	list = append([]weights.Tensor(nil), list...)
	for i := range list {
		list[i].Data = make([]byte, len(list[i].Data))
	}
	return list
}

// safetensors writes tensors.
func safetensors(t testing.TB, list ...weights.Tensor) []byte {
	b, err := (&weights.File{Tensors: list}).Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// state is a state dictionary for torch.save.
func state(list []weights.Tensor) saved.Ordered {
	var d saved.Ordered
	for i := range list {
		d = append(d, saved.Pair{Key: list[i].Name, Value: &list[i]})
	}
	return d
}

// listed is a list of tensors for torch.save.
func listed(list []weights.Tensor) saved.List {
	var l saved.List
	for i := range list {
		l = append(l, &list[i])
	}
	return l
}

// numbered is a dictionary of tensors by number for torch.save.
func numbered(list []weights.Tensor) saved.Numbered {
	var n saved.Numbered
	for i := range list {
		n = append(n, &list[i])
	}
	return n
}

// buffer is a small tensor of a state dictionary.
func buffer(name string, dtype weights.DType, n int) weights.Tensor {
	return weights.Tensor{Name: name, DType: dtype, Shape: []int{n}, Data: make([]byte,
		n*dtype.Size())}
}

// recorded is a torch file with a pickle of testdata and the network's tensors as its storages, and
// behind them as many zeros again.
func recorded(t testing.TB, pickle string) []byte {
	records := []saved.Record{{Name: "archive/data.pkl", Data: string(readFile(t, field+pickle))},
		{Name: "archive/byteorder", Data: "little"}}
	list := tensors(t, "")
	for i, x := range append(list, zeros(list)...) {
		records = append(records, saved.Record{Name: fmt.Sprint("archive/data/", i),
			Data: string(x.Data)})
	}
	return saved.Archive(records...)
}

// fieldCase is one form of the network.
type fieldCase struct {
	name string
	folder
	argument string // below the folder, "" for it
	says     string // a part of the report
	zero     bool   // the average, which is zero, is taken
}

// unchecked takes the checksums out of a zip archive's directory.
func unchecked(b []byte) []byte {
	b = bytes.Clone(b)
	for at := 0; ; at += 4 {
		next := bytes.Index(b[at:], []byte("PK\x01\x02"))
		if next < 0 {
			return b
		}
		at += next
		clear(b[at+16 : at+20])
	}
}

// shards splits the network into two parts with an index. name is a pattern for the parts.
func shards(t testing.TB, index, name string, write func([]weights.Tensor) []byte) folder {
	f := described(t, "")
	list := tensors(t, "")
	half := len(list) / 2
	places := map[string]string{}
	for i, part := range [][]weights.Tensor{list[:half], list[half:]} {
		file := fmt.Sprintf(name, i+1)
		f[file] = write(part)
		for _, x := range part {
			places[x.Name] = file
		}
	}
	b, err := json.Marshal(map[string]any{"metadata": map[string]int{"total_size": 1},
		"weight_map": places})
	if err != nil {
		t.Fatal(err)
	}
	if index != "" {
		f[index] = b
	}
	return f
}

// withForeign writes tensors behind three of types that are no weights. The header keeps its
// length.
func withForeign(t testing.TB, list []weights.Tensor) []byte {
	b := safetensors(t, append([]weights.Tensor{buffer("initted_", weights.U8, 1),
		buffer("num_updates", weights.U8, 4), buffer("counts", weights.I8, 4)}, list...)...)
	b = bytes.Replace(b, []byte(`"initted_":{"dtype":"U8","shape":[1]`),
		[]byte(`"initted":{"dtype":"BOOL","shape":[]`), 1)
	return bytes.Replace(b, []byte(`"num_updates":{"dtype":"U8","shape":[4]`),
		[]byte(`"num_updates":{"dtype":"I32","shape":[]`), 1)
}

// renamed replaces the beginning of names.
func renamed(list []weights.Tensor, from, to string) []weights.Tensor {
	for i := range list {
		if rest, ok := strings.CutPrefix(list[i].Name, from); ok {
			list[i].Name = to + rest
		}
	}
	return list
}
