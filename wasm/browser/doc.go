// Package browser tests the built page in Chromium, as a visitor meets it: it
// loads, generates, is steered by its controls, survives what can go wrong, and
// is looked at. What has to work in every browser is tested in Firefox and
// WebKit as well (TestEveryEngine). There is nothing in it but tests.
//
// The tests build the page into a folder of their own with tools/pack, serve it
// with the handler of tools/serve and drive a headless Chromium over its
// debugging protocol. Two tests run at a time in one browser, each with its own page,
// storage and server, so a test begins with t.Parallel and waits for
// what lasts: on a slow machine what passes is missed, and what is to happen in
// the middle of a run comes after its end unless the run is long or is paused.
// Environment:
//
//	TWEEDIE_CHROMIUM     the browser's path; otherwise one is looked for on PATH
//	TWEEDIE_PAGE         a built page to test; otherwise one is built
//	TWEEDIE_SCREENSHOTS  keep pictures of every test in build/screenshots, not only of failed ones
//	TWEEDIE_WALK         how long to use the page at random, and the first seed: 2h, or 1s,17
//	CI                   a missing Chromium is a failure and not a skipped test
//	TWEEDIE_ENGINES      all: so are a missing Firefox and WebKit
package browser
