package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// source has the files of a checkpoint.
type source struct {
	weights   string // the tensors
	config    string // config.json, or empty
	scheduler string // scheduler_config.json, or empty
}

var checkpointExtensions = []string{".safetensors", ".bin", ".pth", ".pt"}

// modelFiles are diffusers' names for the weights of a model, the best first:
// full precision before half, and files without pickles before those with.
var modelFiles = []string{
	"diffusion_pytorch_model.safetensors",
	"diffusion_pytorch_model.bin",
	"diffusion_pytorch_model.fp16.safetensors",
	"diffusion_pytorch_model.fp16.bin",
}

// plainFiles are the usual names in other folders.
var plainFiles = []string{"model.safetensors", "pytorch_model.bin", "model.bin",
	"model.pt", "model.pth"}

// locate finds the files of the checkpoint that the command line names.
func locate(o options) (source, error) {
	info, err := os.Stat(o.checkpoint)
	if errors.Is(err, fs.ErrNotExist) {
		return source{}, fmt.Errorf("there is no file or folder %s", o.checkpoint)
	} else if err != nil {
		return source{}, err
	}
	s := source{weights: o.checkpoint, config: o.config, scheduler: o.scheduler}
	folder := filepath.Dir(o.checkpoint)
	if info.IsDir() {
		folder = o.checkpoint
		if inner := filepath.Join(folder, "unet"); !exists(filepath.Join(folder, "config.json")) &&
			exists(filepath.Join(inner, "config.json")) {
			folder = inner // a whole pipeline
		}
		if s.weights, err = modelFile(folder); err != nil {
			return source{}, err
		}
	}
	if s.config == "" {
		s.config = firstOf(folder, "config.json")
	}
	if s.scheduler == "" {
		s.scheduler = firstOf(folder, "scheduler_config.json", "../scheduler/scheduler_config.json",
			"scheduler/scheduler_config.json")
	}
	return s, nil
}

// firstOf returns the first of some files that exists, empty if none does.
func firstOf(folder string, files ...string) string {
	for _, file := range files {
		if file = filepath.Join(folder, file); exists(file) {
			return file
		}
	}
	return ""
}

// modelFile finds the weights in a folder, by diffusers' names or by the usual
// ones.
func modelFile(folder string) (string, error) {
	if file := firstOf(folder, append(modelFiles, plainFiles...)...); file != "" {
		return file, nil
	}
	if firstOf(folder, modelFiles[0]+".index.json", modelFiles[1]+".index.json") != "" {
		return "", fmt.Errorf(
			"the weights in %s are split over several files: save the model with a larger "+
				"max_shard_size", folder)
	}
	return "", fmt.Errorf("there is no diffusion_pytorch_model.safetensors or .bin and no "+
		"model.safetensors or .pt in %s: name the file with the weights itself", folder)
}

func exists(file string) bool {
	info, err := os.Stat(file)
	return err == nil && !info.IsDir()
}
