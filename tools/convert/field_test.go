package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/internal/saved"
	"tweedie/sampler/model"
	"tweedie/weights"
)

func TestFieldFolders(t *testing.T) {
	plain := readFile(t, field+modelName)
	config, scheduler := readFile(t, field+"config.json"), readFile(t, field+schedulerName)
	averaged := readFile(t, field+"ema-config.json")
	run := func(extra ...string) folder {
		f := folder{"run/scheduler/" + schedulerName: scheduler,
			"run/model_index.json": []byte(`{"_class_name":"DDPMPipeline"}`)}
		for _, name := range extra {
			f["run/"+name+"/"+modelName] = plain
			f["run/"+name+"/config.json"] = config
			if strings.HasSuffix(name, "unet_ema") {
				f["run/"+name+"/config.json"] = averaged
			}
		}
		return f
	}
	cached := func(f folder, snapshots ...string) folder {
		for _, s := range snapshots {
			f["cache/snapshots/"+s+"/config.json"] = config
			f["cache/snapshots/"+s+"/"+schedulerName] = scheduler
			f["cache/snapshots/"+s+"/"+modelName] = plain
		}
		return f
	}
	whole := func(list []weights.Tensor) []byte { return safetensors(t, list...) }
	pickled := func(list []weights.Tensor) []byte { return saved.Zip(state(list)) }
	const above = "took the noise schedule from ../../scheduler/scheduler_config.json"
	checkFields(t, []fieldCase{
		{name: "an average's folder", folder: run("checkpoint-500/unet", "checkpoint-500/unet_ema"),
			argument: "run/checkpoint-500/unet_ema", says: above},
		{name: "a checkpoint", folder: run("checkpoint-500/unet", "checkpoint-500/unet_ema"),
			argument: "run/checkpoint-500",
			says:     "took unet_ema, and left what lies beside it in unet: name that folder"},
		{name: "a checkpoint's schedule", folder: run("checkpoint-500/unet"),
			argument: "run/checkpoint-500", says: above},
		{name: "a run with checkpoints alone", folder: run("checkpoint-90/unet",
			"checkpoint-500/unet", "checkpoint-100/unet"), argument: "run",
			says: "took checkpoint-500, the last of 3 checkpoints"},
		{name: "a pipeline", folder: run("unet"), argument: "run",
			says: "took the noise schedule from ../scheduler/scheduler_config.json"},
		{name: "a pipeline's network", folder: run("unet"), argument: "run/unet",
			says: "took the noise schedule from ../scheduler/scheduler_config.json"},
		{name: "a pipeline's index", folder: run("unet"), argument: "run/model_index.json"},
		{name: "two schedules", folder: described(t, "").with(modelName, plain).
			with("scheduler/"+schedulerName, []byte(`{"prediction_type":"sample"}`)),
			says: "took the noise schedule from " + schedulerName + ", and left scheduler/" +
				schedulerName},
		{name: "a configuration", folder: described(t, "").with(modelName, plain),
			argument: "config.json"},
		{name: "the hub's cache", argument: "cache",
			folder: cached(folder{"cache/refs/main": []byte("b\n")}, "a", "b")},
		{name: "the hub's cache with one snapshot", argument: "cache",
			folder: cached(folder{}, "a")},
		{name: "half precision beside full", folder: described(t, "").with(modelName, plain).
			with("diffusion_pytorch_model.fp16.safetensors", plain),
			says: "took " + modelName + ", and left diffusion_pytorch_model.fp16.safetensors"},
		{name: "a variant alone", folder: described(t, "").
			with("diffusion_pytorch_model.non_ema.safetensors", plain)},
		{name: "one file of another name", folder: described(t, "").
			with("epoch=3-step=900.ckpt", saved.Zip(state(tensors(t, "")))).
			with("optimizer.bin", []byte("x")).with("random_states_0.pkl", []byte("x"))},
		{name: "shards", folder: shards(t, modelName+".index.json",
			"diffusion_pytorch_model-%05d-of-00002.safetensors", whole)},
		{name: "an index", folder: shards(t, modelName+".index.json",
			"diffusion_pytorch_model-%05d-of-00002.safetensors", whole),
			argument: modelName + ".index.json"},
		{name: "a shard", folder: shards(t, modelName+".index.json",
			"diffusion_pytorch_model-%05d-of-00002.safetensors", whole),
			argument: "diffusion_pytorch_model-00002-of-00002.safetensors",
			says:     "took all parts that " + modelName + ".index.json names"},
		{name: "shards of pickles", folder: shards(t, "diffusion_pytorch_model.bin.index.json",
			"diffusion_pytorch_model-%05d-of-00002.bin", pickled)},
		{name: "shards of a variant", folder: shards(t, modelName+".index.fp16.json",
			"diffusion_pytorch_model.fp16-%05d-of-00002.safetensors", whole)},
		{name: "a shard of a variant", folder: shards(t, modelName+".index.fp16.json",
			"diffusion_pytorch_model.fp16-%05d-of-00002.safetensors", whole),
			argument: "diffusion_pytorch_model.fp16-00001-of-00002.safetensors"},
		{name: "shards of a variant behind the number", folder: shards(t,
			"diffusion_pytorch_model.fp16.safetensors.index.json",
			"diffusion_pytorch_model-%05d-of-00002.fp16.safetensors", whole)},
		{name: "shards without an index", folder: shards(t, "",
			"model-%05d-of-00002.safetensors", whole), says: "their index is missing"},
	})
}

func TestFieldFiles(t *testing.T) {
	list, none := tensors(t, ""), zeros(tensors(t, ""))
	file := func(b []byte) folder { return described(t, "").with("model.pt", b) }
	zip := func(v any) folder { return file(saved.Zip(v)) }
	flat := func(x ...weights.Tensor) folder {
		return described(t, "").with(modelName, safetensors(t, x...))
	}
	both := func(raw, average string) folder {
		return flat(append(zeros(tensors(t, raw)), tensors(t, average)...)...)
	}
	bare := func(prefix string) []weights.Tensor {
		x := tensors(t, "")
		for i := range x {
			x[i].Name = prefix + strings.ReplaceAll(x[i].Name, ".", "")
		}
		return x
	}
	object := func(module, name string) saved.Object {
		return saved.Object{New: saved.Global{module, name}}
	}
	const isAverage = "because it is the moving average"
	checkFields(t, []fieldCase{
		{name: "no checksums", folder: file(unchecked(saved.Zip(state(list))))},
		{name: "the older format", folder: file(saved.Legacy(state(list)))},
		{name: "recorded: numpy", folder: file(recorded(t, "numpy.pkl")),
			says: "passed over objects of numpy.core.multiarray.scalar"},
		{name: "recorded: Lightning", folder: file(recorded(t, "lightning.pkl")),
			says: "passed over objects of lightning_fabric.utilities.data.AttributeDict"},
		{name: "recorded: arguments", folder: file(recorded(t, "args.pkl")),
			says: "passed over objects of argparse.Namespace"},
		{name: "recorded: pytorch_ema", folder: file(recorded(t, "ema-list.pkl")), zero: true,
			says: "took ema/shadow_params of the state dictionaries model, ema/shadow_params, " +
				isAverage},
		{name: "a compiled block", folder: zip(state(renamed(tensors(t, "module._orig_mod."),
			"module._orig_mod.down_blocks.0.", "module._orig_mod.down_blocks.0._orig_mod.")))},
		{name: "an average by number", folder: zip(saved.Dict{{Key: "model", Value: state(list)},
			{Key: "ema", Value: numbered(none)}}), zero: true, says: isAverage},
		{name: "an average in an object", folder: zip(saved.Dict{{Key: "model", Value: state(list)},
			{Key: "ema", Value: saved.Object{New: saved.Global{"ema_pytorch", "EMA"},
				State: saved.Dict{{Key: "shadow", Value: state(none)}}}}}),
			says: "did not take the tensors inside objects of ema_pytorch.EMA: only those of a " +
				"state_dict() are read"},
		{name: "DataParallel", folder: zip(saved.Dict{
			{Key: "net", Value: state(tensors(t, "module."))}})},
		{name: "torch.compile", folder: flat(tensors(t, "_orig_mod.")...)},
		{name: "torch.compile under DataParallel",
			folder: flat(tensors(t, "module._orig_mod.")...)},
		{name: "a compiled middle block", folder: flat(renamed(tensors(t, ""),
			"mid_block.", "mid_block._orig_mod.")...)},
		{name: "Lightning", folder: zip(saved.Dict{{Key: "epoch", Value: 3},
			{Key: "state_dict", Value: state(tensors(t, "model.unet."))},
			{Key: "optimizer_states", Value: saved.List{
				saved.Dict{{Key: "state", Value: saved.Dict{}}}}},
			{Key: "callbacks", Value: object("__main__", "Callback")}})},
		{name: "a wrapper with buffers", says: isAverage, folder: flat(append(append(
			zeros(tensors(t, "online_model.")), tensors(t, "ema_model.")...),
			buffer("initted", weights.U8, 1), buffer("step", weights.I64, 1))...)},
		{name: "ema_pytorch inside a trainer", says: "took ema/ema_model", folder: zip(saved.Dict{
			{Key: "step", Value: 1}, {Key: "model", Value: state(zeros(list))},
			{Key: "opt", Value: saved.Dict{}}, {Key: "ema", Value: state(append(
				zeros(tensors(t, "online_model.")), tensors(t, "ema_model.")...))}})},
		{name: "an averaged model", says: "took ema_model", folder: zip(saved.Dict{
			{Key: "model", Value: state(none)},
			{Key: "ema_model", Value: state(append(tensors(t, "module."),
				buffer("n_averaged", weights.I64, 1)))}})},
		{name: "modelEMA", says: "took modelEMA", folder: zip(saved.Dict{
			{Key: "modelEMA", Value: state(list)}, {Key: "model", Value: state(none)}})},
		{name: "a moving average beside the network", says: isAverage,
			folder: both("model.", "model_ema.")},
		{name: "a network with an average inside", says: isAverage, folder: both("", "ema.")},
		{name: "LitEma", says: "took model_ema of the state dictionaries model, model_ema, " +
			isAverage, folder: flat(append(append(
			zeros(tensors(t, "model.")), bare("model_ema.")...),
			buffer("model_ema.decay", weights.F32, 1),
			buffer("model_ema.num_updates", weights.I64, 1))...)},
		{name: "LitEma of a wrapper", says: isAverage, folder: flat(append(
			zeros(tensors(t, "model.diffusion_model.")),
			bare("model_ema.diffusion_model")...)...)},
		{name: "diffusers' EMAModel in a file", says: "took ema/shadow_params",
			folder: zip(saved.Dict{{Key: "unet", Value: state(none)},
				{Key: "ema", Value: saved.Dict{
					{Key: "decay", Value: 0.99}, {Key: "shadow_params", Value: listed(list)},
					{Key: "collected_params", Value: nil}}}})},
		{name: "an average with what was collected", says: "took ema/shadow_params",
			folder: zip(saved.Dict{{Key: "model", Value: state(none)},
				{Key: "ema", Value: saved.Dict{{Key: "shadow_params", Value: listed(list)},
					{Key: "collected_params", Value: listed(none)}}}})},
		{name: "an average that does not fit", folder: zip(saved.Dict{
			{Key: "model", Value: state(list)},
			{Key: "ema", Value: saved.Dict{{Key: "shadow_params", Value: listed(none[:7])}}}}),
			says: "did not take the moving averages in ema/shadow_params: their 7 tensors " +
				"have no names"},
		{name: "a list of states", folder: zip(saved.List{state(list),
			saved.Dict{{Key: "state", Value: saved.Dict{}}}, 7, 100})},
		{name: "tables of a schedule", folder: flat(append(tensors(t, ""),
			buffer("betas", weights.F32, 4), buffer("step", weights.I64, 1))...),
			says: "passed over betas, step, which belong to training"},
		{name: "an extra state", folder: zip(append(state(list),
			saved.Pair{Key: "_extra_state", Value: object("io", "BytesIO")})),
			says: "passed over objects of io.BytesIO"},
		{name: "buffers of other types", folder: described(t, "").with(modelName,
			withForeign(t, list)), says: "passed over integers in counts, initted, num_updates"},
		{name: "by its name", folder: zip(saved.Dict{{Key: "model", Value: state(list)}})},
	})
}

// checkFields converts every case and compares the bytes.
func checkFields(t *testing.T, cases []fieldCase) {
	t.Helper()
	bytesOf := func(name, path string) ([]byte, string) {
		out := filepath.Join(t.TempDir(), "out.safetensors")
		status, stdout, stderr := command("-provenance", "x", "-o", out, path)
		if status != 0 {
			t.Errorf("%s: %s", name, stderr)
			return nil, ""
		}
		return readFile(t, out), stdout
	}
	zeroed := described(t, "").with(modelName, safetensors(t, zeros(tensors(t, ""))...))
	want, quiet := bytesOf("plain", field+modelName)
	zero, _ := bytesOf("zeros", zeroed.write(t))
	if strings.Contains(quiet, ": took") {
		t.Errorf("a folder without alternatives says %s", quiet)
	}
	for _, c := range cases {
		got, stdout := bytesOf(c.name, filepath.Join(c.write(t), c.argument))
		switch {
		case got == nil:
		case !bytes.Equal(got, map[bool][]byte{false: want, true: zero}[c.zero]):
			t.Errorf("%s: the bytes are not those of the plain network", c.name)
		case !strings.Contains(stdout, c.says):
			t.Errorf("%s: the report does not say %q:\n%s", c.name, c.says,
				stdout[:strings.Index(stdout, "tensor ")])
		}
	}
}

// What diffusers writes into configurations for DPM-Solver and before 0.10 is read.
func TestFieldSchedulers(t *testing.T) {
	for name, want := range map[string]struct{ sampler, prediction, contains string }{
		"minus-infinity.json":  {"dpmpp_2m", "epsilon", `"lambda_min_clipped":"-Infinity"`},
		"predict-epsilon.json": {"ddim", "sample", `"predict_epsilon":false`},
	} {
		f := described(t, "").with(modelName, readFile(t, field+modelName)).
			with(schedulerName, readFile(t, field+name))
		out := filepath.Join(t.TempDir(), "out.safetensors")
		stdout := mustRun(t, "-o", out, f.write(t))
		const old = "predicts sample, as the old option predict_epsilon says"
		if strings.Contains(stdout, old) != (want.prediction == "sample") {
			t.Errorf("%s: the report says what predict_epsilon means: %v",
				name, want.prediction != "sample")
		}
		_, info, err := model.OpenFile("m", parse(t, out), "")
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Scheduler.PredictionType; string(got) != want.prediction ||
			info.Defaults.Sampler != want.sampler {
			t.Errorf("%s: got %s and %s, want %s and %s",
				name, info.Defaults.Sampler, got, want.sampler, want.prediction)
		}
		text := parse(t, out).Metadata["scheduler"]
		if !strings.Contains(text, want.contains) || !json.Valid([]byte(text)) {
			t.Errorf("%s: wrote %s, want JSON with %s", name, text, want.contains)
		}
	}
}

// A table of classes is read as the names say, and without names that is said.
func TestFieldClasses(t *testing.T) {
	config := bytes.Replace(readFile(t, field+"config.json"), []byte(`"num_class_embeds": null`),
		[]byte(`"num_class_embeds": 3`), 1)
	f := folder{"config.json": config, modelName: safetensors(t, append(tensors(t, ""),
		weights.Tensor{Name: "class_embedding.weight", DType: weights.F32, Shape: []int{3, 64},
			Data: make([]byte, 3*64*4)})...)}
	in := f.write(t)
	out := filepath.Join(in, "out.safetensors")
	for _, c := range []struct {
		args     []string
		says     string
		classes  int
		guidance float64
	}{
		{nil, `took the last of the 3 rows of its class table for "no class"`, 2, 1.5},
		{[]string{"-classes", "a,b"}, "", 2, 1.5},
		{[]string{"-classes", "a,b,c"}, "the default guidance is 1", 3, 1},
		{[]string{"-classes", "a,b,c", "-sampling", `{"steps":9}`}, "all 3 rows", 3, 1},
		{[]string{"-classes", "a,b,c", "-sampling", `{"guidance":3}`}, "", 3, 3},
	} {
		stdout := mustRun(t, append(c.args, "-o", out, in)...)
		if said := strings.Contains(stdout, "no class"); !strings.Contains(stdout, c.says) ||
			said && c.says == "" {
			t.Errorf("%v: the report does not say %q, or more", c.args, c.says)
		}
		_, info, err := model.OpenFile("m", parse(t, out), "")
		if err != nil {
			t.Fatal(err)
		}
		if len(info.Classes) != c.classes || info.Defaults.Guidance != c.guidance {
			t.Errorf("%v: got classes %v and guidance %g",
				c.args, info.Classes, info.Defaults.Guidance)
		}
	}
}

// A network without a middle block is written as such, and runs.
func TestFieldWithoutMiddleBlock(t *testing.T) {
	var rest []weights.Tensor
	for _, x := range tensors(t, "") {
		if !strings.HasPrefix(x.Name, "mid_block.") {
			rest = append(rest, x)
		}
	}
	config := bytes.Replace(readFile(t, field+"config.json"), []byte(`"UNetMidBlock2D"`),
		[]byte("null"), 1)
	f := folder{"config.json": config, modelName: safetensors(t, rest...)}
	mustRun(t, "-o", filepath.Join(t.TempDir(), "out.safetensors"), f.write(t))
}
