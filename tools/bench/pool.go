package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"

	"tweedie/wasm/protocol"
)

// pool times a grid on one worker and on two: natively with as many sessions,
// each with its own network, and in Chromium with the page's engine, by
// web/bench.html. Two native copies show the gain that two processors of this
// machine allow.
func pool(j job, recipe string) error {
	file, err := os.ReadFile(j.Weights)
	if err != nil {
		return err
	}
	copies := make([]*copyOfNetwork, 2)
	for i := range copies {
		if copies[i], err = newCopy(file); err != nil {
			return err
		}
	}
	var native [2][]float64
	for range j.Rounds {
		for n := range native {
			ms, err := together(copies[:n+1], recipe)
			if err != nil {
				return err
			}
			native[n] = append(native[n], ms)
		}
	}
	page, err := inPage(j, recipe)
	if err != nil {
		return err
	}
	a, b := gain(native), gain([2][]float64{page.One, page.Two})
	fmt.Printf("| `%s`, %d rounds | one, ms | two, ms | gain |\n|---|---|---|---|\n",
		recipe, j.Rounds)
	fmt.Printf("| native copies | %.0f | %.0f | %.2f |\n", median(native[0]), median(native[1]), a)
	fmt.Printf("| workers in Chromium | %.0f | %.0f | %.2f |\n",
		median(page.One), median(page.Two), b)
	fmt.Printf("\nTwo workers reach %.2f of what two native copies gain.\n", b/a)
	return nil
}

// gain is the median over the rounds of the speed of two relative to one.
func gain(ms [2][]float64) float64 {
	var ratios []float64
	for i := range ms[0] {
		ratios = append(ratios, ms[0][i]/ms[1][i])
	}
	return median(ratios)
}

func median(x []float64) float64 {
	x = slices.Clone(x)
	slices.Sort(x)
	return x[len(x)/2]
}

// copyOfNetwork is a session with its own network.
type copyOfNetwork struct {
	session *protocol.Session
	last    protocol.Message
	id      int
}

func (c *copyOfNetwork) Send(m protocol.Message) { c.last = m }

func newCopy(file []byte) (*copyOfNetwork, error) {
	c := new(copyOfNetwork)
	c.session = protocol.NewSession(c, protocol.Open, func() float64 { return 0 })
	c.session.Receive(protocol.Load{Model: "digits", Bytes: protocol.Bytes(file)})
	if failed, ok := c.last.(protocol.Failed); ok {
		return nil, errors.New(failed.Message)
	}
	return c, nil
}

// together lets every copy run its share of a recipe at the same time, and
// returns the milliseconds until the last one has finished.
func together(copies []*copyOfNetwork, recipe string) (float64, error) {
	began := time.Now()
	var all sync.WaitGroup
	for i, c := range copies {
		all.Go(func() {
			c.id++
			c.session.Receive(protocol.Run{ID: c.id, Recipe: recipe, Share: i, Of: len(copies)})
			for c.session.Advance() {
			}
		})
	}
	all.Wait()
	for _, c := range copies {
		if failed, ok := c.last.(protocol.Failed); ok {
			return 0, errors.New(failed.Message)
		}
	}
	return ms(began), nil
}

// onWorkers are the milliseconds of the page's engine on one worker and on two, and those of steps
// that one made and that two made; of guided with a peer also what that took.
type onWorkers struct {
	One, Two, Alone, Shared []float64
	Peers                   []peerTimes
}

// inPage takes the milliseconds of the page's engine in Chromium, on one worker and on two.
func inPage(j job, recipe string) (onWorkers, error) {
	origin, stop, err := serve(pageWith(j, map[string]string{"weights": j.Weights}))
	if err != nil {
		return onWorkers{}, err
	}
	defer stop()
	var answer struct{ Pool onWorkers }
	query := url.Values{"pool": {recipe}, "weights": {"/asked/weights"},
		"rounds": {strconv.Itoa(j.Rounds)}}
	err = measured(origin+"/web/bench.html?"+query.Encode(), &answer)
	return answer.Pool, err
}

// pageWith is the built page with files under /asked/, by name.
func pageWith(j job, asked map[string]string) *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir(j.Dist)))
	for name, file := range asked {
		mux.HandleFunc("/asked/"+name, func(w http.ResponseWriter, r *http.Request) {
			http.ServeFile(w, r, file)
		})
	}
	return mux
}
