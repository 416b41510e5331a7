// Compact shortens recorded reference vectors to what the tests of sampler, sampler/schedule and
// sampler/noise compare:
//
//	go run sampler/testdata/compact.go VECTORS
//
// VECTORS is the folder that README.md in this folder describes. Run it from the repository's root.
// It writes sampler/solver/testdata/schedulers.json.gz, sampler/testdata/*.safetensors,
// sampler/schedule/testdata/*.json.gz and sampler/noise/testdata/torch_randn.json.gz. The digits of
// numbers are not changed.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"tweedie/weights"
)

type object = map[string]any

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: go run sampler/testdata/compact.go VECTORS")
	}
	from := os.Args[1]
	schedulers, betas := object{}, object{}
	files, err := filepath.Glob(filepath.Join(from, "schedulers", "*.json"))
	check(err)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		switch {
		case strings.HasPrefix(name, "ddpm_"), strings.HasPrefix(name, "ddim_"):
			schedulers[name] = run(read(file).(object))
		case strings.HasPrefix(name, "betas_"):
			betas[name] = without(read(file).(object), "alphas_cumprod_f32", "f32_max_rel_err")
		}
	}
	write("sampler/solver/testdata/schedulers.json.gz", schedulers)
	write("sampler/schedule/testdata/betas.json.gz", betas)
	for _, name := range []string{"timestep_tables", "add_noise"} {
		write("sampler/schedule/testdata/"+name+".json.gz",
			read(filepath.Join(from, "schedulers", name+".json")))
	}
	write("sampler/noise/testdata/torch_randn.json.gz",
		read(filepath.Join(from, "torch_randn.json")))
	network("sampler/testdata/mnist28.safetensors", filepath.Join(from, "unet", "mnist28_c1"))
	keep("sampler/testdata/ddim_mnist28.safetensors",
		filepath.Join(from, "e2e", "ddim_mnist28.safetensors"), "init_noise", "kept_steps",
		"x_f64_kept")
	keep("sampler/testdata/ddpm_mnist28.safetensors",
		filepath.Join(from, "e2e", "ddpm_mnist28.safetensors"), "init_noise", "noise", "kept_steps",
		"x_f64_kept")
}

// network writes a network's weights and config to one file.
func network(to, folder string) {
	text, err := os.ReadFile(filepath.Join(folder, "model.safetensors"))
	check(err)
	f, err := weights.Parse(text)
	check(err)
	config, err := os.ReadFile(filepath.Join(folder, "config.json"))
	check(err)
	f.Metadata = map[string]string{"config": string(config)}
	save(to, f)
}

// keep copies some tensors of a safetensors file.
func keep(to, from string, names ...string) {
	text, err := os.ReadFile(from)
	check(err)
	f, err := weights.Parse(text)
	check(err)
	f.Tensors = slices.DeleteFunc(f.Tensors, func(t weights.Tensor) bool {
		return !slices.Contains(names, t.Name)
	})
	f.Metadata = nil
	save(to, f)
}

func save(to string, f *weights.File) {
	out, err := f.Append(nil)
	check(err)
	check(os.WriteFile(to, out, 0o644))
	fmt.Printf("%s: %d bytes\n", to, len(out))
}

// run keeps the float64 part of a recorded scheduler run. The state before a step is left out: it
// is the state after the step before.
func run(v object) object {
	recorded := v["f64"].(object)
	before := recorded["x_init"]
	var steps []any
	for i, s := range recorded["steps"].([]any) {
		step := s.(object)
		if !reflect.DeepEqual(step["x"], before) {
			log.Fatalf("%v: step %d does not start where the one before ended", v["name"], i)
		}
		before = step["x_next"]
		steps = append(steps, without(step, "x", "ab", "model_x0"))
	}
	config := v["config"].(object)
	for key, value := range config {
		if value == nil {
			delete(config, key)
		}
	}
	return object{
		"class": v["class"], "config": config, "num_inference_steps": v["num_inference_steps"],
		"step_kwargs": v["step_kwargs"],
		"problem":     v["problem"], "timesteps": recorded["timesteps"],
		"x_init": recorded["x_init"], "steps": steps,
	}
}

func without(v object, keys ...string) object {
	for _, key := range keys {
		delete(v, key)
	}
	return v
}

func read(path string) any {
	text, err := os.ReadFile(path)
	check(err)
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	check(d.Decode(&v))
	return v
}

func write(path string, v any) {
	text, err := json.Marshal(v)
	check(err)
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	check(err)
	_, err = z.Write(text)
	check(err)
	check(z.Close())
	check(os.WriteFile(path, out.Bytes(), 0o644))
	fmt.Printf("%s: %d bytes\n", path, out.Len())
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
