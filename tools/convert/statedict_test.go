package main

import (
	"slices"
	"strings"
	"testing"

	"tweedie/tools/convert/torch"
	"tweedie/weights"
)

// state is a dictionary with an anchor under each prefix.
func state(prefixes ...string) *torch.Dict {
	d := &torch.Dict{}
	for _, p := range prefixes {
		for _, name := range []string{p + anchor, p + "conv_in.bias"} {
			d.Entries = append(d.Entries,
				torch.Entry{Key: name, Tensor: &weights.Tensor{Name: name, DType: weights.F32}})
		}
	}
	return d
}

func nest(pairs ...any) *torch.Dict {
	d := &torch.Dict{}
	for i := 0; i < len(pairs); i += 2 {
		d.Entries = append(d.Entries,
			torch.Entry{Key: pairs[i].(string), Dict: pairs[i+1].(*torch.Dict)})
	}
	return d
}

func TestChoose(t *testing.T) {
	plain := state("")
	tests := []struct {
		name   string
		root   *torch.Dict
		key    string
		want   string // name of the choice, or a part of the error
		prefix string
	}{
		{"bare", plain, "", "(top)", ""},
		{"data parallel", state("module."), "", "(top)", "module."},
		{"compiled", state("_orig_mod."), "", "(top)", "_orig_mod."},
		{"wrapped", state("unet."), "", "unet", "unet."},
		{"nested", nest("model", plain), "", "model", ""},
		{"nested twice", nest("state_dict", nest("model", plain)), "", "state_dict/model", ""},
		{"average first", nest("model", state(""), "ema", state("")), "", "ema", ""},
		{"average last", nest("ema_model", state(""), "model", state("")), "", "ema_model", ""},
		{"average by longer names", nest("model_state_dict", state(""), "model_EMA_state",
			state("module.")), "", "model_EMA_state", "module."},
		{"average inside an average", nest("ema", state("online_model.", "ema_model.")), "",
			"ema/ema_model", "ema_model."},
		{"schema is no average", nest("schema", state(""), "model", state("")), "",
			"choose with -key", ""},
		{"two models", nest("generator", state(""), "critic", state("")), "",
			"got generator, critic: choose with -key", ""},
		{"one of two", nest("generator", state(""), "critic", state("")), "critic", "critic", ""},
		{"not the average", nest("model", state(""), "ema", state("")), "model", "model", ""},
		{"by its path", nest("ema", state("online_model.", "ema_model.")), "ema/online_model",
			"ema/online_model", "online_model."},
		{"by a part of the path", nest("ema", state("online_model.", "ema_model.")), "online_model",
			"ema/online_model", "online_model."},
		{"by an ambiguous part", nest("ema", state("online_model.", "ema_model.")), "ema",
			"want a -key", ""},
		{"by no part", nest("model", state("")), "weights", "want a -key", ""},
		{"no network", nest("optimizer", nest("state", &torch.Dict{})), "",
			"no state dictionary", ""},
		{"anchor inside a word", state("my"), "", "no state dictionary", ""},
		{"the same under two names", nest("model", plain, "net", plain), "", "model", ""},
		{"too deep", nest("a", nest("b", nest("c", nest("d", nest("e", plain))))), "",
			"no state dictionary", ""},
	}
	for _, test := range tests {
		got, err := choose(candidates(nil, test.root, map[*torch.Dict]bool{}), test.key)
		if err != nil {
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s: got %v, want %q", test.name, err, test.want)
			}
			continue
		}
		if got.name() != test.want || got.prefix != test.prefix {
			t.Errorf("%s: got %s with prefix %q, want %s with %q",
				test.name, got.name(), got.prefix, test.want, test.prefix)
		}
	}
}

func TestNamesStayShort(t *testing.T) {
	var many []candidate
	for range 30 {
		many = append(many, candidate{path: []string{"m"}})
	}
	if got := names(many); got != strings.Repeat("m, ", 8)+"…" {
		t.Errorf("got %q", got)
	}
}

// Prefixed safetensors lose their prefix, and tensors without it are dropped.
func TestReadCheckpointStripsPrefix(t *testing.T) {
	f := parse(t, identity+"model.safetensors")
	for i := range f.Tensors {
		f.Tensors[i].Name = "module." + f.Tensors[i].Name
	}
	f.Tensors = append(f.Tensors, weights.Tensor{Name: "betas",
		DType: weights.F32, Data: make([]byte, 4)})
	b, err := f.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	cp, err := readCheckpoint(b, "")
	if err != nil || cp.note != "" || len(cp.tensors) != 112 {
		t.Fatalf("got %d tensors, note %q, %v, want 112", len(cp.tensors), cp.note, err)
	}
	if !slices.ContainsFunc(cp.tensors, func(t weights.Tensor) bool { return t.Name == anchor }) {
		t.Errorf("no tensor %s without the prefix", anchor)
	}
}

func TestRenameOld(t *testing.T) {
	tests := []struct {
		name  string
		shape []int
		want  string
		to    []int
	}{
		{"mid_block.attentions.0.query.weight", []int{8, 8}, "mid_block.attentions.0.to_q.weight",
			[]int{8, 8}},
		{"mid_block.attentions.0.key.bias", []int{8}, "mid_block.attentions.0.to_k.bias", []int{8}},
		{"down_blocks.1.attentions.12.value.weight",
			[]int{8, 8}, "down_blocks.1.attentions.12.to_v.weight", []int{8, 8}},
		{"up_blocks.0.attentions.1.proj_attn.weight",
			[]int{8, 8, 1, 1}, "up_blocks.0.attentions.1.to_out.0.weight", []int{8, 8}},
		{"mid_block.attentions.0.to_q.weight",
			[]int{8, 8, 1, 1}, "mid_block.attentions.0.to_q.weight", []int{8, 8}},
		{"mid_block.attentions.0.to_out.0.weight",
			[]int{8, 8, 1}, "mid_block.attentions.0.to_out.0.weight", []int{8, 8}},
		{"mid_block.attentions.0.to_k.weight", []int{1, 1}, "mid_block.attentions.0.to_k.weight",
			[]int{1, 1}},
		{"mid_block.attentions.0.to_v.weight",
			[]int{8, 8, 3, 3}, "mid_block.attentions.0.to_v.weight", []int{8, 8, 3, 3}},
		{"mid_block.attentions.0.group_norm.weight",
			[]int{8}, "mid_block.attentions.0.group_norm.weight", []int{8}},
		{"down_blocks.0.resnets.0.conv_shortcut.weight",
			[]int{8, 8, 1, 1}, "down_blocks.0.resnets.0.conv_shortcut.weight", []int{8, 8, 1, 1}},
		{"key.weight", []int{1}, "key.weight", []int{1}},
	}
	for _, test := range tests {
		tensors := []weights.Tensor{{Name: test.name, Shape: test.shape}}
		changed, err := renameOld(tensors)
		got := tensors[0]
		if err != nil || got.Name != test.want || !slices.Equal(got.Shape, test.to) {
			t.Errorf("%s %v: got %s %v, %v, want %s %v",
				test.name, test.shape, got.Name, got.Shape, err, test.want, test.to)
		}
		if want := got.Name != test.name ||
			len(got.Shape) != len(test.shape); (changed == 1) != want {
			t.Errorf("%s: counted %d changes", test.name, changed)
		}
	}
	both := []weights.Tensor{{Name: "mid_block.attentions.0.query.bias"},
		{Name: "mid_block.attentions.0.to_q.bias"}}
	if _, err := renameOld(both); err == nil {
		t.Error("the same tensor under its old and its new name gave no error")
	}
}
