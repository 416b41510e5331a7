package main

import (
	"fmt"
	"time"

	"github.com/chromedp/chromedp"
)

// opened waits for a run of the page, and leads to the pad.
const opened = `document.documentElement.dataset.state === 'done' && (() => {
	[...document.querySelectorAll('[role=tab]')].find((tab) => tab.textContent.trim() === 'Draw')
		.click();
	return document.querySelector('#plane .inside')?.inert === false &&
		document.getElementById('plane-pad').checkVisibility();
})()`

// follow moves the pointer over the pad in every frame for a number of seconds, and counts the
// pictures that are drawn of it and their milliseconds: in the sampler, and since the pointer was
// there.
const follow = `(async (seconds) => {
	const pad = document.getElementById('plane-pad');
	const {left, top, width, height} = pad.getBoundingClientRect();
	const there = new Map();
	let ages = [], sampled = [], frames = 0;
	addEventListener('tweedie:done', ({detail: {recipe, ms}}) => {
		const began = there.get(/&at=([^&]*)/.exec(recipe)?.[1]);
		if (began === undefined) return;
		ages.push(performance.now() - began);
		sampled.push(ms);
	});
	const move = (now) => {
		const at = [1, 1.3].map((turn) => .5 + .4 * Math.sin(turn * now / 1000));
		const place = at.map((part) => Math.round(1000 * (8 * part - .5) / 7) / 1000).join();
		if (!there.has(place)) there.set(place, performance.now());
		pad.dispatchEvent(new PointerEvent('pointermove', {pointerType: 'mouse', bubbles: true,
			clientX: left + at[0] * width, clientY: top + at[1] * height}));
		frames++;
		requestAnimationFrame(move);
	};
	requestAnimationFrame(move);
	const wait = (s) => new Promise((resolve) => setTimeout(resolve, 1000 * s));
	await wait(2); // engines compile what runs often
	ages = [], sampled = [], frames = 0;
	await wait(seconds);
	const median = (of) => of.sort((a, b) => a - b)[of.length >> 1] ?? NaN;
	return {frames: frames / seconds, drawn: ages.length / seconds, sampled: median(sampled),
		age: median(ages)};
})(%d)`

// pad prints how many pictures a second follow the pointer on the pad of a plane: with and without
// WebGL, which costs much where a processor stands in for a graphics card.
func pad(j job, recipe string) error {
	origin, stop, err := serveSite(j.Dist)
	if err != nil {
		return err
	}
	defer stop()
	fmt.Printf("| `%s` | pictures a second | ms in the sampler | ms behind the pointer | "+
		"frames a second |\n|---|---|---|---|---|\n", recipe)
	for _, where := range []struct {
		name    string
		options []chromedp.ExecAllocatorOption
	}{
		{"WebGL in software", nil},
		{"a plain canvas", []chromedp.ExecAllocatorOption{chromedp.Flag("disable-3d-apis", true)}},
	} {
		got, err := followed(origin+"/#"+recipe, j.Rounds, where.options)
		if err != nil {
			return err
		}
		fmt.Printf("| %s | %.0f | %.1f | %.0f | %.0f |\n",
			where.name, got.Drawn, got.Sampled, got.Age, got.Frames)
	}
	return nil
}

// pace is what follow counts.
type pace struct{ Frames, Drawn, Sampled, Age float64 }

// followed opens a page in a fresh browser and follows the pointer there.
func followed(page string, seconds int, options []chromedp.ExecAllocatorOption) (pace, error) {
	ctx, stop, err := browser(options...)
	if err != nil {
		return pace{}, err
	}
	defer stop()
	if err := chromedp.Do(ctx, chromedp.Navigate(page)); err != nil {
		return pace{}, err
	}
	there := chromedp.Poll[bool](opened, chromedp.WithPollingInterval(200*time.Millisecond),
		chromedp.WithPollingTimeout(time.Minute))
	if _, err := chromedp.Run(ctx, there); err != nil {
		return pace{}, fmt.Errorf("the pad: %w", err)
	}
	return chromedp.Run(ctx, chromedp.Evaluate[pace](fmt.Sprintf(follow, seconds),
		chromedp.EvalAwaitPromise))
}
