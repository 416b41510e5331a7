package engines

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// miniBrowsers is where Debian keeps WebKitGTK's own small browser.
const miniBrowsers = "/usr/lib/*/webkit2gtk-4.*/MiniBrowser"

// webkit speaks WebDriver with WebKitGTK's driver, whose sessions have profiles
// of their own.
type webkit struct {
	screen     *screen
	command    *exec.Cmd
	session    string // its address
	complaints []string
}

func startWebKit(ctx context.Context) (Browser, error) {
	driver, err := find("webkit2gtk-driver", "WebKitWebDriver")
	if err != nil {
		return nil, err
	}
	bus, err := find("dbus-daemon", "dbus-run-session")
	if err != nil {
		return nil, err
	}
	found, err := filepath.Glob(miniBrowsers)
	if err != nil || len(found) == 0 {
		return nil, &Missing{miniBrowsers, "libwebkit2gtk-4.1-0"}
	}
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	w := &webkit{}
	if err := w.start(ctx, bus, driver, found[len(found)-1]); err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

func (w *webkit) start(ctx context.Context, bus, driver, browser string) (err error) {
	if w.screen, err = newScreen(); err != nil {
		return err
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	port := free.Addr().(*net.TCPAddr).Port
	free.Close()
	command := w.screen.command(bus, "--", driver, fmt.Sprintf("--port=%d", port))
	if err = command.Start(); err != nil {
		return err
	}
	w.command = command
	origin := fmt.Sprintf("http://127.0.0.1:%d", port)
	if err = listens(ctx, origin); err != nil {
		return fmt.Errorf("engines: WebKitWebDriver did not start: %w", err)
	}
	var created struct{ SessionID string }
	options := map[string]any{"binary": browser, "args": []string{"--automation"}}
	capabilities := map[string]any{
		"alwaysMatch": map[string]any{"webkitgtk:browserOptions": options}}
	err = w.call(ctx, http.MethodPost, origin+"/session",
		map[string]any{"capabilities": capabilities}, &created)
	if err != nil {
		return err
	}
	w.session = origin + "/session/" + created.SessionID
	return w.call(ctx, http.MethodPost, w.session+"/timeouts",
		map[string]any{"script": time.Hour.Milliseconds()}, nil)
}

// listens waits until an origin takes connections.
func listens(ctx context.Context, origin string) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := net.Dial("tcp", strings.TrimPrefix(origin, "http://"))
		if err == nil {
			return conn.Close()
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return err
		}
	}
}

// call carries out one command.
func (w *webkit) call(ctx context.Context, method, address string,
	params map[string]any, value any) error {
	text, err := json.Marshal(params)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(text))
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	var got struct{ Value json.RawMessage }
	if err := json.Unmarshal(body, &got); err != nil {
		return fmt.Errorf("%s: %w", body, err)
	}
	if answer.StatusCode != http.StatusOK {
		var failed struct{ Error, Message string }
		json.Unmarshal(got.Value, &failed) // without words the status is left
		return fmt.Errorf("%d %s: %s", answer.StatusCode, failed.Error, failed.Message)
	}
	if value == nil {
		return nil
	}
	return json.Unmarshal(got.Value, value)
}

// listen keeps a document's errors.
//
//go:embed listen.js
var listen string

func (w *webkit) Open(ctx context.Context, address string) error {
	w.collect(ctx)
	if err := w.call(ctx, http.MethodPost, w.session+"/url",
		map[string]any{"url": address}, nil); err != nil {
		return err
	}
	_, err := w.Evaluate(ctx, listen)
	return err
}

// collect takes the complaints of the document that is open.
func (w *webkit) collect(ctx context.Context) {
	more, err := Value[[]string](ctx, w, `window.complaints?.splice(0) ?? []`)
	if err != nil {
		more = []string{err.Error()}
	}
	w.complaints = append(w.complaints, more...)
}

func (w *webkit) Evaluate(ctx context.Context, expression string) ([]byte, error) {
	var got struct{ Value, Error string }
	script := "const done = arguments[0];\n" + asText(expression) +
		".then((value) => done({value}), (error) => done({error: String(error)}));"
	err := w.call(ctx, http.MethodPost, w.session+"/execute/async",
		map[string]any{"script": script, "args": []any{}}, &got)
	if err == nil && got.Error != "" {
		err = errors.New(got.Error)
	}
	return []byte(got.Value), err
}

// Hide cannot be had: a tab that the driver opens before the page's leaves it
// visible, and where there is no window manager nothing is put away.
func (w *webkit) Hide(context.Context) error {
	return &Cannot{"WebKitGTK's MiniBrowser calls a driven page visible whatever stands before it"}
}

func (w *webkit) Show(context.Context) error { return nil }

func (w *webkit) Screenshot(ctx context.Context) ([]byte, error) {
	var data string
	if err := w.call(ctx, http.MethodGet, w.session+"/screenshot", nil, &data); err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(data)
}

func (w *webkit) Complaints() []string { return w.complaints }

func (w *webkit) Close() {
	if w.session != "" {
		ctx, cancel := context.WithTimeout(context.Background(), closeTime)
		w.collect(ctx)
		w.call(ctx, http.MethodDelete, w.session, nil, nil) // what is left is killed below
		cancel()
	}
	if w.command != nil {
		end(w.command)
	}
	if w.screen != nil {
		w.screen.close()
	}
}
