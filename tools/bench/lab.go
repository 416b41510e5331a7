package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"tweedie/sampler/lab"
	"tweedie/sampler/lab/experiment"
	"tweedie/sampler/lab/keys"
)

// What the lab is measured by, and its recipes: the second draws by what the first has learned.
const (
	labLearned = "d=spiral"
	labDrawn   = "d=spiral&n=2000&ssteps=100"
)

// A spiral is recognised once the points that are shown meanwhile, 1,000 in 20 steps, are no
// further than this from the nearest of 1,000 held-out points, in the mean. A cloud that fills the
// spiral's disc evenly is at 0.08, and the arms are 0.3 apart. The sliced Wasserstein distance
// hardly tells the two.
const (
	recognised = 0.05
	quickCloud = "d=spiral&n=1000&ssteps=20"
)

// labResult is what web/bench/lab.js returns: a number for each round, and a rate for each tenth of
// a second. On a busy machine the best of them say most.
type labResult struct {
	Rates, Reached, Learned, Drawing []float64
}

// labAsk is what it takes.
type labAsk struct {
	Dist   string `json:"dist"`
	Lab    bool   `json:"lab"`
	Recipe string `json:"recipe"`
	Drawn  string `json:"drawn"`
	Reach  int    `json:"reach"`
	Rounds int    `json:"rounds"`
}

// labs prints how fast the lab learns and draws in every place.
func labs(j job) error {
	reach, err := recognisable()
	if err != nil {
		return err
	}
	ask := labAsk{j.Dist, true, labLearned, labDrawn, reach, j.Rounds}
	fmt.Printf("| where | training steps a second, median | best tenth | s until the spiral "+
		"(step %d) | until the end | 2,000 points in 100 steps, s | least |\n"+
		"|---|---|---|---|---|---|---|\n", reach)
	for _, place := range []struct {
		name    string
		measure func(labAsk) (*labResult, error)
	}{{"native", labNative}, {"node", labNode}, {"chromium", labChromium}} {
		r, err := place.measure(ask)
		if err != nil {
			return fmt.Errorf("in %s: %w", place.name, err)
		}
		slices.Sort(r.Rates)
		fmt.Printf("| %s | %.0f | %.0f | %.1f | %.1f | %.2f | %.2f |\n", place.name,
			median(r.Rates), r.Rates[len(r.Rates)*9/10], median(r.Reached), median(r.Learned),
			median(r.Drawing), slices.Min(r.Drawing))
	}
	return nil
}

func begun(recipe string) (*experiment.Experiment, error) {
	s, err := keys.Parse(recipe)
	if err != nil {
		return nil, err
	}
	return experiment.New(s, nil)
}

// drawnBy draws with the present network of an experiment by another recipe.
func drawnBy(e *experiment.Experiment, recipe string) ([]float32, error) {
	s, err := keys.Parse(recipe)
	if err != nil {
		return nil, err
	}
	other := *e
	other.Settings = s
	d, err := other.Draw()
	if err != nil {
		return nil, err
	}
	for d.Next() {
	}
	return experiment.Points(d), d.Err()
}

// recognisable returns the training step after which the spiral is recognised, in fifties. It is
// the same everywhere, as the bits are.
func recognisable() (int, error) {
	e, err := begun(labLearned)
	if err != nil {
		return 0, err
	}
	held := lab.HeldOut(e.Data(), e.Settings.Seed, 1000, 0)
	for e.Training.Step() {
		if e.Training.Done()%50 != 0 {
			continue
		}
		points, err := drawnBy(e, quickCloud)
		if err != nil {
			return 0, err
		}
		wide := make([]float64, len(points))
		for i, v := range points {
			wide[i] = float64(v)
		}
		if lab.Nearest(wide, held) <= recognised {
			return e.Training.Done(), nil
		}
	}
	return 0, errors.New("the lab's standard recipe does not come to a spiral")
}

// labNative measures in this process, where nothing is drawn while the network learns.
func labNative(ask labAsk) (*labResult, error) {
	r := new(labResult)
	for range ask.Rounds {
		e, err := begun(ask.Recipe)
		if err != nil {
			return nil, err
		}
		began := time.Now()
		since, from := began, 0
		for e.Training.Step() {
			if now := time.Now(); now.Sub(since) >= time.Second/10 {
				r.Rates = append(r.Rates, float64(e.Training.Done()-from)/now.Sub(since).Seconds())
				since, from = now, e.Training.Done()
			}
			if e.Training.Done() == ask.Reach {
				r.Reached = append(r.Reached, time.Since(began).Seconds())
			}
		}
		if err := e.Training.Err(); err != nil {
			return nil, err
		}
		r.Learned = append(r.Learned, time.Since(began).Seconds())
		began = time.Now()
		if _, err := drawnBy(e, ask.Drawn); err != nil {
			return nil, err
		}
		r.Drawing = append(r.Drawing, time.Since(began).Seconds())
	}
	return r, nil
}

// labNode measures in Node.
func labNode(ask labAsk) (*labResult, error) {
	r := new(labResult)
	return r, inNode(ask, r)
}

// labChromium measures in a fresh headless Chromium, with web/bench.html.
func labChromium(ask labAsk) (*labResult, error) {
	origin, stop, err := serve(http.FileServer(http.Dir(ask.Dist)))
	if err != nil {
		return nil, err
	}
	defer stop()
	query := url.Values{"lab": {ask.Recipe}, "drawn": {ask.Drawn},
		"reach": {fmt.Sprint(ask.Reach)}, "rounds": {fmt.Sprint(ask.Rounds)}}
	answer := struct{ Lab *labResult }{new(labResult)}
	return answer.Lab, measured(origin+"/web/bench.html?"+query.Encode(), &answer)
}
