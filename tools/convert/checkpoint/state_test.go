package checkpoint

import (
	"strings"
	"testing"

	"tweedie/tools/convert/torch"
	"tweedie/weights"
)

const anchor = "conv_in.weight"

var marks = []Mark{{Family: "UNet", Anchor: anchor, With: []string{"conv_in.bias"}}}

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
			"", ""},
		{"anchor inside a word", state("my"), "", "", ""},
		{"the same under two names", nest("model", plain, "net", plain), "", "model", ""},
		{"too deep", nest("a", nest("b", nest("c", nest("d", nest("e", plain))))), "",
			"", ""},
	}
	for _, test := range tests {
		found, _ := Find(test.root, marks)
		if len(found) == 0 {
			if test.want != "" {
				t.Errorf("%s: found nothing, want %s", test.name, test.want)
			}
			continue
		}
		got, _, err := Choose(found, test.key)
		if err != nil {
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s: got %v, want %q", test.name, err, test.want)
			}
			continue
		}
		if test.want == "" || got.Name() != test.want || got.prefix != test.prefix {
			t.Errorf("%s: got %s with prefix %q, want %s with %q",
				test.name, got.Name(), got.prefix, test.want, test.prefix)
		}
	}
}

func TestNamesStayShort(t *testing.T) {
	var many []State
	for range 30 {
		many = append(many, State{path: []string{"m"}})
	}
	if got := names(many); got != strings.Repeat("m, ", 8)+"…" {
		t.Errorf("got %q", got)
	}
}
