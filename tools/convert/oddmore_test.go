package main

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"tweedie/internal/saved"
	"tweedie/weights"
)

// oddContents are whole files that hold something else than one network.
func oddContents(t *testing.T) []odd {
	type list = []weights.Tensor
	named := func(names ...string) []byte {
		var x list
		for _, name := range names {
			x = append(x, buffer(name, weights.F32, 2))
		}
		return safetensors(t, x...)
	}
	poison := func(half uint16) []byte {
		return changedTensors(t, func(x list) list {
			binary.LittleEndian.PutUint16(x[3].Data, half)
			return x
		})
	}
	cases := asFile(t, "m.safetensors",
		"a LoRA", named("unet.down_blocks.0.lora_A.weight"), "it holds a LoRA",
		"Stable Diffusion", named("cond_stage_model.x", "model.diffusion_model.out.0.weight"),
		"it is a text-to-image checkpoint with its text encoder",
		"cross attention", named("down.attn2.to_k.weight"),
		"text-to-image network with cross attention",
		"a language model", named("model.embed_tokens.weight"), "it is a language model",
		"a text encoder", named("text_model.embeddings.weight"), "it is a text encoder",
		"an autoencoder", named("quant_conv.weight", "decoder.conv_in.weight"),
		"it is an autoencoder",
		"a ResNet", named("layer1.0.conv1.weight", "fc.weight"), "it is a ResNet",
		"other names", named("a.weight", "b.weight"), "its tensors are a.weight, b.weight",
		"names with newlines", named("a\n\x1b[2J"), "its tensors are a??[2J",
		"no tensors", safetensors(t), "there is no tensor in it",
		"a NaN", poison(0x7e00), "are NaN or infinite: the checkpoint is damaged",
		"an infinity", poison(0xfc00), "are NaN or infinite: the checkpoint is damaged",
		"a tensor missing", changedTensors(t, func(x list) list { return x[:len(x)-1] }),
		"is missing from the weights file",
		"a tensor of another network", changedTensors(t, func(x list) list {
			return append(x, buffer("up_blocks.0.attn2.to_k.weight", weights.F16, 3))
		}), "attn2.to_k.weight",
		"a module too many", changedTensors(t, func(x list) list {
			return append(x, buffer("refiner.weight", weights.F16, 3))
		}), "refiner.weight",
		"another shape", changedTensors(t, func(x list) list {
			x[0].Shape = []int{16, 3, 3}
			return x
		}), "has shape [16, 3, 3], wanted [16, 1, 3, 3]",
		"weights of integers", changedTensors(t, func(x list) list {
			x[1] = buffer(x[1].Name, weights.I64, x[1].Len())
			return x
		}), "wanted floating-point numbers",
		"weights in eight bits", foreignWeight(t),
		"which is not read: save the model's state_dict() "+
			"in float32, float16 or bfloat16",
		"weight normalisation", changedTensors(t, func(x list) list {
			return append(x, buffer("mid_block.conv.weight_g", weights.F32, 2))
		}), "its weights are in parts, such as mid_block.conv.weight_g: in PyTorch call "+
			"torch.nn.utils.remove_weight_norm(layer) for every layer that has them, and save",
		"weight normalisation everywhere", named("conv_in.parametrizations.weight.original0",
			"conv_in.parametrizations.weight.original1"),
		`torch.nn.utils.parametrize.remove_parametrizations(layer, "weight")`,
		"two networks", safetensors(t, append(tensors(t, "a."), tensors(t, "b.")...)...),
		"want one state dictionary, got a, b: choose with -key NAME",
	)
	return append(cases, asFile(t, "m.pt",
		"an optimiser", saved.Zip(saved.Dict{{Key: "state", Value: saved.Dict{{Key: "0",
			Value: state(list{buffer("exp_avg", weights.F32, 2)})}}},
			{Key: "param_groups", Value: saved.List{saved.Dict{}}}}),
		"it is the state of an optimiser",
		"averages alone", saved.Zip(saved.Dict{{Key: "shadow_params",
			Value: listed(tensors(t, ""))}}),
		"its tensors are a list without names, such as a moving average",
		"a tensor of an object", saved.Zip(append(state(tensors(t, "")[1:]), saved.Pair{
			Key: "conv_in.weight", Value: saved.Object{New: saved.Global{"torch._utils",
				"_rebuild_qtensor"}, Args: saved.List{&tensors(t, "")[0]}}})),
		`"conv_in.weight" is an object of torch._utils._rebuild_qtensor, which is not read`,
		"a sparse module", saved.Zip(append(state(tensors(t, "")), saved.Pair{Key: "rotations",
			Value: saved.Object{New: saved.Global{"torch._utils", "_rebuild_sparse_tensor"},
				Args: saved.List{&tensors(t, "")[0]}}})),
		`the network's "rotations" is an object of`,
	)...)
}

// foreignWeight is the network with its first weight in a type that is not read.
func foreignWeight(t *testing.T) []byte {
	x := tensors(t, "")
	x[0].DType, x[0].Shape = weights.U8, []int{len(x[0].Data)}
	x[0].Name += "_____" // which the longer type takes
	return bytes.Replace(safetensors(t, x...), []byte(`_____":{"dtype":"U8"`),
		[]byte(`":{"dtype":"F8_E5M2"`), 1)
}

func oddConfigs(t *testing.T) []odd {
	text := string(readFile(t, field+"config.json"))
	plain := readFile(t, field+modelName)
	var cases []odd
	config := func(name, text, says string) {
		cases = append(cases, odd{name, described(t, "").with(modelName, plain).
			with("config.json", []byte(text)), "", says})
	}
	option := func(name, from, to, says string) {
		changed := strings.Replace(text, from, to, 1)
		if changed == text {
			t.Fatalf("%s: %s does not stand in the config", name, from)
		}
		config(name, changed, says)
	}
	schedule := func(name, text, says string) {
		cases = append(cases, odd{name, described(t, "").with(modelName, plain).
			with(schedulerName, []byte(text)), "", says})
	}
	config("a page for a config", "<!doctype html><p>404", "config.json is a web page")
	config("a pointer for a config", "version https://git-lfs.github.com/spec/v1\n",
		"config.json is a pointer of Git LFS")
	config("an empty config", "", "config.json is empty")
	config("weights for a config", "\x80\x02\x00", "config.json is no text")
	config("a list", "[]", "config.json: want a JSON object, got an array")
	config("a cut-off config", text[:100], "config.json: json: at byte 100")
	config("a key twice", `{"sample_size":8,"sample_size":9}`, `"sample_size" stands twice`)
	config("a deep config", strings.Repeat(`{"a":`, 70)+"1"+strings.Repeat("}", 70),
		"nested deeper than 64 levels")
	config("a comment", "{\n// mine\n}", "a key in quotes should be")
	config("BERT", `{"architectures":["BertModel"],"model_type":"bert"}`,
		"describes a BertModel of the library transformers, and no diffusion network")
	config("timm", `{"architecture":"resnet18"}`, "describes a resnet18 of the library timm")
	for class, says := range map[string]string{
		"UNet2DConditionModel":   "which needs what a text encoder makes of a prompt",
		"UNet1DModel":            "a network of sequences (sound, movements), and no pictures",
		"UNet3DConditionModel":   "a network of videos",
		"AutoencoderKL":          "an autoencoder, which turns latents into pictures",
		"ControlNetModel":        "a ControlNet, which steers another network",
		"FluxTransformer2DModel": "a text-to-image transformer",
		"SomeModel":              `describes a "SomeModel", and only a UNet2DModel`,
	} {
		option(class, `"UNet2DModel"`, `"`+class+`"`, says)
	}
	option("an unknown option", `"sample_size"`, `"gate": true, "sample_size"`,
		"gate is not a key that is known here")
	option("decay under another name", `"sample_size"`, `"ema_decay": 0.9, "sample_size"`,
		"ema_decay is not a key")
	option("in and out", `"in_channels": 1`, `"in_channels": 3`,
		"out_channels is 1, and in_channels is 3")
	option("a block with text", `"AttnDownBlock2D"`, `"CrossAttnDownBlock2D"`,
		"down_block_types[1]")
	option("another middle block", `"UNetMidBlock2D"`, `"UNetMidBlock2DCrossAttn"`,
		"mid_block_type must be UNetMidBlock2D")
	option("no size", `"sample_size": 28`, `"sample_size": null`,
		"name their side with -size")
	option("an odd size", `"sample_size": 28`, `"sample_size": 27`, "must be a multiple of 2")
	option("a huge size", `"sample_size": 28`, `"sample_size": 1e9`, "sample_size must be")
	option("infinite eps", `"norm_eps": 1e-05`, `"norm_eps": Infinity`, "norm_eps must be a number")
	schedule("a page for a schedule", "<html>", "scheduler_config.json is a web page")
	schedule("another scheduler", `{"_class_name":"KarrasVeScheduler"}`,
		"_class_name must be one of")
	schedule("continuous times", string(readFile(t, field+"continuous.json")),
		`timestep_type is "continuous", and with v_prediction the network is then asked at`)
	schedule("an unknown option of a schedule", `{"warp":2}`, "warp is not a key")
	schedule("dynamic shifting", `{"_class_name":"FlowMatchEulerDiscreteScheduler",`+
		`"use_dynamic_shifting":true}`, "use_dynamic_shifting must be false")
	schedule("two predictions", `{"predict_epsilon":false,"prediction_type":"v_prediction"}`,
		"predict_epsilon is false, and prediction_type is v_prediction")
	schedule("a variance", `{"variance_type":"learned_range"}`, "does not predict a variance")
	schedule("infinite betas", `{"beta_end":Infinity}`, "beta_end must be a number")
	schedule("too many steps", `{"num_train_timesteps":1000000000}`, "num_train_timesteps must be")
	return cases
}

func oddFolders(t *testing.T) []odd {
	var cases []odd
	holds := func(name, file, says string) {
		cases = append(cases, odd{name, described(t, "m/").with("m/"+file, []byte("x")), "m", says})
	}
	holds("nothing", "README.md", "there is no diffusion_pytorch_model.safetensors or .bin")
	holds("a LoRA", "pytorch_lora_weights.safetensors", "the folder m holds a LoRA")
	holds("an adapter", "adapter_config.json", "the folder m holds a LoRA")
	holds("Flax", "diffusion_flax_model.msgpack", "holds weights of Flax: load them in diffusers")
	holds("ONNX", "model.onnx", "holds a network of ONNX")
	holds("TensorFlow", "saved_model.pb", "holds a network of TensorFlow")
	holds("Keras", "model.h5", "holds a network of Keras")
	holds("shards of a run", "__0_0.distcp", "holds a distributed checkpoint: join it with")
	holds("a download", "model.safetensors.incomplete", "holds a download that is not finished")
	holds("training state", "optimizer.bin", "holds the state of an optimiser and no network")
	holds("a pickle", "network-snapshot.pkl", "holds a pickle: name that file itself")
	plain := readFile(t, field+modelName)
	whole := func(list []weights.Tensor) []byte { return safetensors(t, list...) }
	const index, part = modelName + ".index.json",
		"diffusion_pytorch_model-%05d-of-00002.safetensors"
	const second = "diffusion_pytorch_model-00002-of-00002.safetensors"
	without := func(f folder, name string) folder {
		delete(f, name)
		return f
	}
	first := shards(t, index, part, whole)
	twice := shards(t, index, part, whole)
	twice[second] = whole(tensors(t, "")[:80])
	return append(cases,
		odd{"no such file", folder{}, "absent.pt", "there is no file or folder absent.pt"},
		odd{"several files", described(t, "m/").with("m/a.pt", plain).with("m/b.pt", plain), "m",
			"there are several files with weights in m: name one of a.pt, b.pt"},
		odd{"text to image", folder{"m/model_index.json": []byte(`{"_class_name":` +
			`"StableDiffusionPipeline","text_encoder":["transformers","CLIPTextModel"],` +
			`"unet":["diffusers","UNet2DConditionModel"]}`)}, "m",
			"m is a text-to-image pipeline (StableDiffusionPipeline with a text_encoder)"},
		odd{"a broken pipeline", folder{"m/model_index.json": []byte(`{`)}, "m",
			"model_index.json: json: at byte 1"},
		odd{"another library", folder{"m/config.json": []byte(`{"model_type":"bert"}`)}, "m",
			"the folder m holds a model of type bert of the library transformers"},
		odd{"two snapshots", folder{"m/snapshots/a/x": nil, "m/snapshots/b/x": nil}, "m",
			"there are 2 snapshots in m: name the folder of one of them"},
		odd{"a path in the cache", folder{"m/snapshots/a/x": nil, "m/snapshots/b/x": nil,
			"m/refs/main": []byte("../../..")}, "m", "there are 2 snapshots in m"},
		odd{"a part missing", without(shards(t, index, part, whole), second), "",
			"names a part " + second + ", which is not in the folder: download it, too"},
		odd{"a part missing without an index", without(shards(t, "", part, whole), second), "",
			"is one of 2 parts, and " + second + " is not in the folder"},
		odd{"a tensor that is not where its index says", shards(t, index, part,
			func(list []weights.Tensor) []byte { return whole(list[1:]) }), "",
			"should be in diffusion_pytorch_model-00001-of-00002.safetensors and is not"},
		odd{"a tensor in two parts", twice, "", "is in two parts"},
		odd{"a pointer for a part", first.with(second,
			[]byte("version https://git-lfs.github.com/spec/v1\n")), "",
			second + " is a pointer of Git LFS"},
		odd{"an index of elsewhere", described(t, "").with(index,
			[]byte(`{"weight_map":{"w":"../../secret.safetensors"}}`)), "",
			`want the name of a file beside it for the tensor "w", got "../../secret.safetensors"`},
		odd{"an index of the root", described(t, "").with(index,
			[]byte(`{"weight_map":{"w":"/etc/passwd"}}`)), "", "want the name of a file beside it"},
		odd{"an index of Windows", described(t, "").with(index,
			[]byte(`{"weight_map":{"w":"C:\\w.bin"}}`)), "", "want the name of a file beside it"},
		odd{"an index of nothing", described(t, "").with(index, []byte(`{"weight_map":{}}`)), "",
			"want a weight_map, which says where the tensors lie, got none"},
		odd{"a pointer for an index", described(t, "").with(index,
			[]byte("version https://git-lfs.github.com/spec/v1\n")), "",
			index + " is a pointer of Git LFS"},
		odd{"no parts", described(t, "").with("model-00001-of-00000.bin", plain), "",
			"want from 1 to 10000 parts, got 0"},
		odd{"too many parts", described(t, "").with("model-00001-of-99999.bin", plain), "",
			"want from 1 to 10000 parts, got 99999"},
	)
}
