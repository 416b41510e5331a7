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

// random writes a weights file with random weights at the shape that a config.json of a
// UNet2DModel describes, for networks whose weights are not at hand, and returns its path. A tensor
// of weights keeps the variance of what goes through it.
func random(config, folder string) (string, error) {
	text, err := os.ReadFile(config)
	if err != nil {
		return "", err
	}
	cfg, err := unet.ParseConfig(text)
	if err != nil {
		return "", err
	}
	tensors, err := unet.Tensors(cfg)
	if err != nil {
		return "", err
	}
	file := weights.File{Tensors: tensors, Metadata: map[string]string{
		"config": string(text), "scheduler": "{}", "title": "Random weights"}}
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
	b, err := file.Append(nil)
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "random.safetensors")
	fmt.Printf("%d tensors, %d KB\n\n", len(tensors), len(b)/1000)
	return path, os.WriteFile(path, b, 0o666)
}
