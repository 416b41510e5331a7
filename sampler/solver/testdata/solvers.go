// Solvers packs the recorded runs of all samplers except DDPM and DDIM into solvers.bin.gz, which
// README.md in this folder describes:
//
//	go run sampler/solver/testdata/solvers.go FOLDER...
//
// Each folder has the recorded runs, *.json. Run it from the repository's root.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"log"
	"math"
	"os"
	"path/filepath"
	"strings"
)

type object = map[string]any

func main() {
	log.SetFlags(0)
	if len(os.Args) < 2 {
		log.Fatal("usage: go run sampler/solver/testdata/solvers.go FOLDER...")
	}
	var files []string
	for _, folder := range os.Args[1:] {
		found, err := filepath.Glob(filepath.Join(folder, "*.json"))
		check(err)
		files = append(files, found...)
	}
	var index []object
	var block []byte
	keep := func(v any) int {
		values, ok := v.([]any)
		if !ok {
			log.Fatalf("not a list: %v", v)
		}
		for _, x := range values {
			block = binary.LittleEndian.AppendUint64(block, math.Float64bits(x.(float64)))
		}
		return len(values)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		if strings.HasPrefix(name, "ddpm_") || strings.HasPrefix(name, "ddim_") {
			continue
		}
		text, err := os.ReadFile(file)
		check(err)
		var v object
		if json.Unmarshal(text, &v) != nil {
			continue // not a list of numbers
		}
		switch {
		case v["f64"] != nil:
			index = append(index, scheduler(name, v, keep))
		case v["calls"] != nil:
			index = append(index, calls(name, v, keep))
		case name == "score_sde_ve_pc":
			index = append(index, corrector(name, v, keep))
		}
	}
	header, err := json.Marshal(index)
	check(err)
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	check(err)
	_, err = z.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(header))))
	check(err)
	_, err = z.Write(append(header, block...))
	check(err)
	check(z.Close())
	const to = "sampler/solver/testdata/solvers.bin.gz"
	check(os.WriteFile(to, out.Bytes(), 0o644))
	fmt.Printf("%s: %d runs, %d numbers, %d bytes\n", to, len(index), len(block)/8, out.Len())
}

// scheduler keeps the float64 part of a run of diffusers: for each evaluation of the network the
// state before it, the network's input if that is not the state, the output, and the noise drawn;
// and the last state.
func scheduler(name string, v object, keep func(any) int) object {
	recorded := v["f64"].(object)
	config := v["config"].(object)
	for key, value := range config {
		if value == nil {
			delete(config, key)
		}
	}
	config["_class_name"] = v["class"]
	keep(recorded["x_init"])
	var calls []object
	for _, s := range recorded["steps"].([]any) {
		step := s.(object)
		c := object{"t": step["t"]}
		keep(step["x"])
		if seen, ok := step["model_in"]; ok {
			c["seen"] = true
			keep(seen)
		}
		keep(step["model_out"])
		noise := step["noise"].([]any)
		c["draws"] = len(noise)
		for _, z := range noise {
			keep(z)
		}
		calls = append(calls, c)
	}
	keep(recorded["x_final"])
	return object{
		"name": name, "source": v["class"], "config": config, "steps": v["num_inference_steps"],
		"kwargs": v["step_kwargs"], "kind": v["model_kind"],
		"problem": v["problem"], "sigmas": numbers(recorded["sigmas"]),
		"initial": recorded["init_noise_sigma"], "calls": calls,
	}
}

// numbers leaves out lists that hold anything but numbers.
func numbers(v any) any {
	list, _ := v.([]any)
	for _, x := range list {
		if _, ok := x.(float64); !ok {
			return nil
		}
	}
	return v
}

// calls keeps a run of k-diffusion or EDM: all draws of noise, and for each evaluation the state
// and the denoised picture.
func calls(name string, v object, keep func(any) int) object {
	keep(v["x_init"])
	noise := v["noise"].([]any)
	for _, z := range noise {
		keep(z)
	}
	var calls []object
	for _, c := range v["calls"].([]any) {
		call := c.(object)
		keep(call["x"])
		keep(call["denoised"])
		calls = append(calls, object{"t": call["sigma"]})
	}
	keep(v["x_final"])
	return object{
		"name": name, "source": v["source"], "params": v["params"], "kind": v["model_kind"],
		"problem": v["problem"], "draws": len(noise), "calls": calls, "info": v["info"],
	}
}

// corrector keeps the run of the predictor–corrector as two evaluations for each step.
func corrector(name string, v object, keep func(any) int) object {
	v["config"].(object)["_class_name"] = "ScoreSdeVeScheduler"
	keep(v["x_init"])
	var calls []object
	for _, s := range v["steps"].([]any) {
		step := s.(object)
		correct := step["correct"].([]any)[0].(object)
		keep(step["x"])
		keep(correct["score"])
		keep(correct["noise"])
		keep(correct["x_next"])
		keep(step["score"])
		keep(step["noise"])
		calls = append(calls, object{"t": step["sigma"], "draws": 1},
			object{"t": step["sigma"], "draws": 1})
	}
	keep(v["x_final"])
	return object{
		"name": name, "source": v["source"], "config": v["config"],
		"steps": v["num_inference_steps"], "kind": "score", "problem": v["problem"], "calls": calls,
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
