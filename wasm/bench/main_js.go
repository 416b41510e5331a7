package main

import (
	"syscall/js"

	"tweedie/sampler/kernels"
	"tweedie/sampler/layers"
	"tweedie/sampler/unet"
	"tweedie/wasm/post"
	"tweedie/weights"
)

// bench is the loaded network with inputs and outputs for both passes of
// guidance.
type bench struct {
	network *unet.Network
	items   []unet.Item
	out     [][]float32
}

func main() {
	b := new(bench)
	js.Global().Set("tweedieBench", js.ValueOf(map[string]any{
		"kernels": kernels.Best().Name,
		"load": js.FuncOf(func(_ js.Value,
			a []js.Value) any {
			return b.load(a[0].String(), a[1])
		}),
		"step": js.FuncOf(func(_ js.Value, a []js.Value) any { b.step(a[0].Int()); return nil }),
		"profile": js.FuncOf(func(_ js.Value,
			a []js.Value) any {
			return b.profile(a[0].Int(), a[1].Int())
		}),
		"micro": js.FuncOf(func(js.Value, []js.Value) any { return micro() }),
		"peak": js.FuncOf(func(_ js.Value,
			a []js.Value) any {
			kernels.PeakLoop(a[0].Int())
			return a[0].Int() * kernels.PeakRound
		}),
	}))
	select {}
}

func now() float64 { return js.Global().Get("performance").Call("now").Float() }

// load compiles a network; config is empty for files that hold their own. It
// returns what was loaded, or {error}.
func (b *bench) load(config string, file js.Value) any {
	start := now()
	f, err := weights.ParseSource(post.ReadSource(file))
	if err != nil {
		return map[string]any{"error": err.Error()}
	}
	if config == "" {
		config = f.Metadata["config"]
	}
	cfg, err := unet.ParseConfig([]byte(config))
	if err != nil {
		return map[string]any{"error": err.Error()}
	}
	n, err := unet.New(cfg, f, 2, kernels.Best())
	if err != nil {
		return map[string]any{"error": err.Error()}
	}
	b.network = n
	b.items, b.out = nil, nil
	x := make([]float32, n.InChannels*n.SampleHeight*n.SampleWidth)
	for j := range x {
		x[j] = float32(j%13)/6 - 1
	}
	for i := range 2 { // as guidance has them: one sample, two classes
		b.items = append(b.items,
			unet.Item{Sample: x, Timestep: 500, Class: min(i, n.NumClassEmbeds-1)})
		b.out = append(b.out, make([]float32, n.OutChannels*n.SampleHeight*n.SampleWidth))
	}
	return map[string]any{"ms": now() - start, "parameters": n.Parameters, "bytes": n.Bytes,
		"multiplyAdds": n.MultiplyAdds()}
}

// step evaluates batch items, 1 or 2.
func (b *bench) step(batch int) { b.network.Forward(b.out[:batch], b.items[:batch]) }

// profile returns the mean milliseconds of every step over runs evaluations.
func (b *bench) profile(batch, runs int) any {
	var sum []layers.Part
	for range runs {
		parts := b.network.Profile(b.out[:batch], b.items[:batch], now)
		if sum == nil {
			sum = parts
			continue
		}
		for i := range parts {
			sum[i].Time += parts[i].Time
		}
	}
	list := make([]any, len(sum))
	for i, p := range sum {
		list[i] = map[string]any{"name": p.Name, "multiplyAdds": p.MultiplyAdds * batch,
			"ms": p.Time / float64(runs)}
	}
	return list
}
