package main

import (
	"fmt"
	"net/http"
)

// plane prints how many frames a second the lab's stage has, and what a frame takes of the page's
// thread, which does not hang on the graphics card.
func plane(j job) error {
	origin, stop, err := serve(http.FileServer(http.Dir(j.Dist)))
	if err != nil {
		return err
	}
	defer stop()
	var answer struct {
		Rates []struct {
			Name         string
			Frames, Busy float64
		}
	}
	address := fmt.Sprintf("%s/web/bench.html?plane=%d&seconds=%d", origin, j.Points, j.Rounds)
	if err := measured(address, &answer); err != nil {
		return err
	}
	fmt.Println("| the lab's stage | frames a second | ms of the page's thread |\n|---|---|---|")
	for _, r := range answer.Rates {
		fmt.Printf("| %s | %.0f | %.1f |\n", r.Name, r.Frames, r.Busy)
	}
	return nil
}
