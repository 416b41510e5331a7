// Package engines drives browsers of three kinds through one small interface,
// so that one table of cases runs in all of them: Chromium over its debugging
// protocol, Firefox over WebDriver BiDi, and WebKit, which stands for Safari,
// over WebDriver. Firefox and WebKit get a screen of their own (Xvfb), because
// without one they draw no WebGL. Every browser has a fresh profile.
package engines

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Browser is one page of one running browser.
type Browser interface {
	// Open shows an address and returns once its document is loaded.
	Open(ctx context.Context, address string) error
	// Evaluate is the value of an expression in the page as JSON; a promise is
	// waited for. What the expression throws is an error.
	Evaluate(ctx context.Context, expression string) ([]byte, error)
	// Hide brings another tab or window before the page, or puts the page's away;
	// Show brings it back. The error is a *Cannot where the engine's driver has
	// no way to do it.
	Hide(ctx context.Context) error
	Show(ctx context.Context) error
	// Screenshot is a PNG of what is seen.
	Screenshot(ctx context.Context) ([]byte, error)
	// Complaints are the errors that the console has shown since the browser was
	// started; all of them are there after Close.
	Complaints() []string
	// Close ends the browser and removes its profile.
	Close()
}

// Engine is a kind of browser.
type Engine struct {
	Name string
	// Start opens a browser with an empty page. The error is a *Missing where
	// this machine has no such browser.
	Start func(ctx context.Context) (Browser, error)
}

// All are the engines, the fastest to start first.
var All = []Engine{
	{"Chromium", startChromium},
	{"Firefox", startFirefox},
	{"WebKit", startWebKit},
}

// Guarded is Firefox as it protects people from being recognised: it changes the pixels that a page
// reads from a canvas. Brave and Tor's browser do as well.
var Guarded = Engine{"Firefox that guards", func(ctx context.Context) (Browser, error) {
	return firefoxWith(ctx, `user_pref("privacy.resistFingerprinting", true);
`)
}}

// Cannot says what an engine's driver does not do.
type Cannot struct{ Reason string }

func (c *Cannot) Error() string { return c.Reason }

// Missing says what has to be installed for an engine.
type Missing struct {
	Program string
	Package string // of Debian
}

func (m *Missing) Error() string {
	return fmt.Sprintf("%s was not found on PATH: install the package %s", m.Program, m.Package)
}

// find is the path of the first of some names of one program.
func find(debian string, names ...string) (string, error) {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", &Missing{names[0], debian}
}

// Chromium is the path of the browser: that of TWEEDIE_CHROMIUM, or one on PATH.
func Chromium() (string, error) {
	names := []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}
	if path := os.Getenv("TWEEDIE_CHROMIUM"); path != "" {
		names = []string{path}
	}
	return find("chromium", names...)
}

// Value is the value of an expression in the page.
func Value[T any](ctx context.Context, b Browser, expression string) (T, error) {
	var value T
	text, err := b.Evaluate(ctx, expression)
	if err == nil {
		err = json.Unmarshal(text, &value)
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", expression, err)
	}
	return value, err
}

// Wait waits until an expression holds in the page that is open. The page looks
// for itself, so that nothing is missed and nothing is asked too often.
func Wait(ctx context.Context, b Browser, expression string) error {
	_, err := b.Evaluate(ctx, `new Promise((resolve) => {
		const look = () => ((`+expression+`) ? resolve(0) : setTimeout(look, 20));
		look();
	})`)
	if err != nil {
		return fmt.Errorf("waiting for %s: %w", expression, err)
	}
	return nil
}

// asText makes a script of an expression whose value is JSON in a string, which
// all protocols carry alike.
func asText(expression string) string {
	return "(async () => JSON.stringify(await (" + strings.TrimSuffix(strings.TrimSpace(expression),
		";") + ")) ?? 'null')()"
}

// Deadlines of what a browser does without the page.
const (
	startTime = time.Minute
	closeTime = 10 * time.Second
)

var errEnded = errors.New("the browser has ended")
