package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"

	"tweedie/sampler"
	"tweedie/sampler/model"
	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/unet"
	"tweedie/weights"
)

// plan is a guided picture as another program draws it by DDIM: from the same noise along the same
// noise levels. web/bench/ddim.js says what its members mean.
type plan struct {
	Steps    []planStep `json:"steps"`
	Guidance float64    `json:"guidance"`
	Bound    float64    `json:"bound"`
	Rederive bool       `json:"rederive"`
	Shape    []int      `json:"shape"`
	Noise    []float64  `json:"noise"`
	Picture  []float64  `json:"picture"`
	Hash     string     `json:"hash"`
}

type planStep struct {
	T        float64 `json:"t"`
	AlphaBar float64 `json:"alphaBar"`
	Next     float64 `json:"next"`
}

// planOf draws a recipe natively with the network of a weights file, named digits as in the page.
func planOf(file []byte, text string) (*plan, error) {
	f, err := weights.Parse(file)
	if err != nil {
		return nil, err
	}
	m, info, err := model.OpenFile("digits", f, picture.Hash(file))
	if err != nil {
		return nil, err
	}
	asked, err := recipe.Parse(text)
	if err != nil {
		return nil, err
	}
	run, err := sampler.NewRun(asked, info, m)
	if err != nil {
		return nil, err
	}
	s := run.Settings()
	if s.Sampler != "ddim" || s.Eta != 0 || s.Images != 1 || !run.Assist(nil) ||
		info.Scheduler.PredictionType != schedule.Epsilon {
		return nil, errors.New("the peer draws one picture with a class and guidance by DDIM " +
			"without noise, of a network that predicts ε: the recipe asks for something else")
	}
	p := &plan{Guidance: s.Guidance, Rederive: s.Rederive,
		Shape: []int{info.Channels, info.Height, info.Width}, Noise: slices.Clone(run.X(0))}
	if _, err := fmt.Sscan(s.Clip, &p.Bound); err != nil {
		return nil, fmt.Errorf("the peer keeps x̂0 between two bounds, clip=%s does not", s.Clip)
	}
	levels := run.Levels().Steps
	for i, l := range levels[:len(levels)-1] {
		p.Steps = append(p.Steps, planStep{l.T, l.AlphaBar, levels[i+1].AlphaBar})
	}
	for run.Next() {
	}
	p.Picture = slices.Clone(run.X(0))
	pixels := make([]byte, len(p.Picture))
	picture.Pixels(pixels, p.Picture, info.Channels, info.Height, info.Width)
	sum := picture.Sum(pixels)
	p.Hash = picture.Hex(sum[:])
	return p, run.Err()
}

// withClass returns a peer's network as a weights file of this program with one class. Nothing is
// added to the network's input for it, nor without it, so that both passes of a guided step give
// what the peer's give, which have no class to be told.
func withClass(config, tensors string) ([]byte, error) {
	text, err := os.ReadFile(config)
	if err != nil {
		return nil, err
	}
	b, err := os.ReadFile(tensors)
	if err != nil {
		return nil, err
	}
	f, err := weights.Parse(b)
	if err != nil {
		return nil, err
	}
	members := map[string]any{}
	if err := json.Unmarshal(text, &members); err != nil {
		return nil, fmt.Errorf("%s: %w", config, err)
	}
	if members["num_class_embeds"] != nil || members["class_embed_type"] != nil {
		return nil, errors.New("the peer's network has classes, of which its ONNX model would " +
			"have to be told: take one without")
	}
	members["num_class_embeds"] = 2 // the class and none
	if text, err = json.Marshal(members); err != nil {
		return nil, err
	}
	cfg, err := unet.ParseConfig(text)
	if err != nil {
		return nil, err
	}
	want, err := unet.Tensors(cfg)
	if err != nil {
		return nil, err
	}
	for _, t := range want {
		if _, there := f.Tensor(t.Name); !there && t.Name == "class_embedding.weight" {
			t.DType = weights.F32
			t.Data = make([]byte, t.DType.Size()*t.Len())
			f.Tensors = append(f.Tensors, t)
		}
	}
	f.Metadata = map[string]string{"config": string(text), "scheduler": "{}", "title": "Peer"}
	return f.Append(nil)
}
