package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"time"

	"tweedie/sampler/kernels"
	"tweedie/sampler/unet"
	"tweedie/weights"
)

// grown is one line of a table of growth.
type grown struct {
	name string
	size float64 // what grows
	work float64 // multiply-adds, or what else is to be done
	ms   float64
}

// growth prints how the time grows, natively on one core: of a run with its pictures and its steps,
// and of one pass with the side of the pictures and the parameters of the network.
func growth(j job) error {
	file, err := os.ReadFile(j.Weights)
	if err != nil {
		return err
	}
	f, err := weights.Parse(file)
	if err != nil {
		return err
	}
	for _, t := range []struct {
		what, recipe string
		sizes        []int
	}{
		{"pictures, 10 steps", "m=digits&c=7&g=1&steps=10&n=", []int{1, 4, 16, 64}},
		{"steps, one picture", "m=digits&c=7&g=1&steps=", []int{1, 10, 100, 1000}},
	} {
		lines, err := runsOf(file, t.recipe, t.sizes, j.Rounds)
		if err != nil {
			return err
		}
		table(t.what, "work", lines)
	}
	config := f.Metadata["config"]
	var sides, widths []map[string]any
	for _, side := range []int{16, 32, 64, 128} {
		sides = append(sides, map[string]any{"sample_size": side})
	}
	for _, k := range []int{1, 2, 4, 8, 11} {
		widths = append(widths, map[string]any{"block_out_channels": []int{16 * k, 32 * k, 32 * k},
			"attention_head_dim": 16 * k})
	}
	for _, t := range []struct {
		what    string
		changes []map[string]any
	}{{"side of the pictures, 1.1 M parameters", sides}, {"parameters, 32×32", widths}} {
		lines, err := passesOf(config, t.changes, j.Rounds)
		if err != nil {
			return err
		}
		table(t.what, "multiply-adds", lines)
	}
	return nil
}

// runsOf times runs of a recipe that ends in each of some numbers.
func runsOf(file []byte, recipe string, sizes []int, rounds int) (lines []grown, err error) {
	c, err := newCopy(file)
	if err != nil {
		return nil, err
	}
	for _, n := range sizes {
		l := grown{strconv.Itoa(n), float64(n), float64(n), math.Inf(1)}
		for range 1 + rounds/n {
			took, err := together([]*copyOfNetwork{c}, recipe+strconv.Itoa(n))
			if err != nil {
				return nil, err
			}
			l.ms = min(l.ms, took)
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// passesOf times one pass of networks with random weights, each of a config with other members.
func passesOf(config string, changes []map[string]any, rounds int) (lines []grown, err error) {
	for _, change := range changes {
		members := map[string]any{}
		if err := json.Unmarshal([]byte(config), &members); err != nil {
			return nil, err
		}
		l := grown{ms: math.Inf(1)}
		for name, value := range change {
			members[name] = value
			if side, ok := value.(int); ok && name == "sample_size" {
				l.name, l.size = strconv.Itoa(side), float64(side)
			}
		}
		text, err := json.Marshal(members)
		if err != nil {
			return nil, err
		}
		f, err := randomWeights(text)
		if err != nil {
			return nil, err
		}
		cfg, err := unet.ParseConfig(text)
		if err != nil {
			return nil, err
		}
		n, err := unet.New(cfg, f, 1, kernels.Best())
		if err != nil {
			return nil, err
		}
		if l.size == 0 {
			l.name = fmt.Sprintf("%.1f M", float64(n.Parameters)/1e6)
			l.size = float64(n.Parameters)
		}
		l.work = float64(n.MultiplyAdds())
		l.ms = leastPass(n, rounds)
		lines = append(lines, l)
	}
	return lines, nil
}

// leastPass returns the milliseconds of the fastest of some passes of a network.
func leastPass(n *unet.Network, rounds int) float64 {
	x := make([]float32, n.InChannels*n.SampleHeight*n.SampleWidth)
	for k := range x {
		x[k] = float32(k%13)/6 - 1
	}
	items := []unet.Item{{Sample: x, Timestep: 500, Class: 0}}
	out := [][]float32{make([]float32, n.OutChannels*n.SampleHeight*n.SampleWidth)}
	least := math.Inf(1)
	for range 2 + rounds {
		began := time.Now()
		n.Forward(out, items)
		least = min(least, ms(began))
	}
	return least
}

// table prints lines with the exponents from each to the next: of the time, and of the time by the
// work. An exponent of 1 by the work says that there is nothing beside it.
func table(what, work string, lines []grown) {
	fmt.Printf("| %s | %s | ms, least | time grows by the power | by the work |\n", what, work)
	fmt.Println("|---|---|---|---|---|")
	for i, l := range lines {
		power, byWork := "", ""
		if i > 0 {
			before := lines[i-1]
			grows := math.Log(l.ms / before.ms)
			power = fmt.Sprintf("%.2f", grows/math.Log(l.size/before.size))
			byWork = fmt.Sprintf("%.2f", grows/math.Log(l.work/before.work))
		}
		fmt.Printf("| %s | %.3g | %.2f | %s | %s |\n", l.name, l.work, l.ms, power, byWork)
	}
	fmt.Println()
}
