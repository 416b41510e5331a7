package main

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/x448/float16"

	"tweedie/sampler/unet"
	"tweedie/weights"
)

// random writes a weights file of randomWeights for a config.json, and returns its path.
func random(config, folder string) (string, error) {
	text, err := os.ReadFile(config)
	if err != nil {
		return "", err
	}
	file, err := randomWeights(text)
	if err != nil {
		return "", err
	}
	b, err := file.Append(nil)
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "random.safetensors")
	fmt.Printf("%d tensors, %d KB\n\n", len(file.Tensors), len(b)/1000)
	return path, os.WriteFile(path, b, 0o666)
}

// randomWeights returns random weights at the shape that a config of a UNet2DModel describes, for
// networks whose weights are not at hand. A tensor of weights keeps the variance of what goes
// through it.
func randomWeights(config []byte) (*weights.File, error) {
	cfg, err := unet.ParseConfig(config)
	if err != nil {
		return nil, err
	}
	tensors, err := unet.Tensors(cfg)
	if err != nil {
		return nil, err
	}
	file := &weights.File{Tensors: tensors, Metadata: map[string]string{
		"config": string(config), "scheduler": "{}", "title": "Random weights"}}
	draw := rand.New(rand.NewPCG(1, 2))
	for i := range file.Tensors {
		t := &file.Tensors[i]
		inputs := 1
		for _, d := range t.Shape[min(1, len(t.Shape)):] {
			inputs *= d
		}
		t.DType = weights.F16
		for range t.Len() {
			v := draw.NormFloat64() / math.Sqrt(float64(inputs))
			half := float16.Fromfloat32(float32(v))
			t.Data = binary.LittleEndian.AppendUint16(t.Data, half.Bits())
		}
	}
	return file, nil
}
