package engines

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sync"

	"github.com/coder/websocket"
)

// firefoxPreferences keep a new profile quiet, and file: as strict as it is for
// people; being driven would loosen it.
const firefoxPreferences = `user_pref("security.fileuri.strict_origin_policy", true);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("app.normandy.enabled", false);
user_pref("intl.accept_languages", "en-US");
user_pref("webgl.force-enabled", true);
`

// firefox speaks WebDriver BiDi, without another program in between.
type firefox struct {
	screen  *screen
	command *exec.Cmd
	profile string
	socket  *websocket.Conn
	page    string // the browsing context
	front   string // that of the tab before it

	mu         sync.Mutex
	last       int
	waiting    map[int]chan answer
	complaints []string
	ended      error
}

// answer is what comes back for a command.
type answer struct {
	result json.RawMessage
	err    error
}

func startFirefox(ctx context.Context) (Browser, error) { return firefoxWith(ctx, "") }

// firefoxWith starts Firefox with more preferences.
func firefoxWith(ctx context.Context, preferences string) (Browser, error) {
	path, err := find("firefox-esr", "firefox-esr", "firefox")
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	f := &firefox{waiting: make(map[int]chan answer)}
	if err := f.start(ctx, path, firefoxPreferences+preferences); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func (f *firefox) start(ctx context.Context, path, preferences string) (err error) {
	if f.screen, err = newScreen(); err != nil {
		return err
	}
	if f.profile, err = os.MkdirTemp("", "tweedie-firefox-"); err != nil {
		return err
	}
	named := filepath.Join(f.profile, "user.js")
	if err = os.WriteFile(named, []byte(preferences), 0o600); err != nil {
		return err
	}
	command := f.screen.command(path, "--profile", f.profile, "--no-remote",
		"--remote-debugging-port=0", "about:blank")
	out, err := command.StderrPipe()
	if err != nil {
		return err
	}
	if err = command.Start(); err != nil {
		return err
	}
	f.command = command
	var address string
	err = within(ctx, func() (err error) { address, err = bidiAddress(out); return })
	if err != nil {
		return fmt.Errorf("engines: Firefox did not start: %w", err)
	}
	if f.socket, _, err = websocket.Dial(ctx, address+"/session", nil); err != nil {
		return err
	}
	f.socket.SetReadLimit(-1) // a screenshot is one message, and the browser is trusted
	go f.listen()
	err = f.call(ctx, "session.new", map[string]any{"capabilities": map[string]any{}}, nil)
	if err != nil {
		return err
	}
	var tree struct{ Contexts []struct{ Context string } }
	if err = f.call(ctx, "browsingContext.getTree", map[string]any{}, &tree); err != nil {
		return err
	}
	f.page = tree.Contexts[0].Context
	return f.call(ctx, "session.subscribe",
		map[string]any{"events": []string{"log.entryAdded"}}, nil)
}

var bidiLine = regexp.MustCompile(`WebDriver BiDi listening on (ws://\S+)`)

// bidiAddress reads the browser's output up to its address, and lets the rest
// go by.
func bidiAddress(out io.Reader) (string, error) {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if found := bidiLine.FindStringSubmatch(lines.Text()); found != nil {
			go io.Copy(io.Discard, out)
			return found[1], nil
		}
	}
	return "", errors.Join(errEnded, lines.Err())
}

// listen hands on what the browser says until it ends.
func (f *firefox) listen() {
	for {
		_, text, err := f.socket.Read(context.Background())
		var message struct {
			Type, Method, Error, Message string
			ID                           int
			Result                       json.RawMessage
			Params                       struct{ Level, Text string }
		}
		if err == nil {
			err = json.Unmarshal(text, &message)
		}
		f.mu.Lock()
		switch {
		case err != nil:
			f.ended = errors.Join(errEnded, err)
			for _, each := range f.waiting {
				each <- answer{err: f.ended}
			}
			clear(f.waiting)
			f.mu.Unlock()
			return
		case message.Type == "event":
			if message.Method == "log.entryAdded" && message.Params.Level == "error" {
				f.complaints = append(f.complaints, message.Params.Text)
			}
		case f.waiting[message.ID] != nil:
			a := answer{result: message.Result}
			if message.Type == "error" {
				a.err = fmt.Errorf("%s: %s", message.Error, message.Message)
			}
			f.waiting[message.ID] <- a
			delete(f.waiting, message.ID)
		}
		f.mu.Unlock()
	}
}

// call carries out one command.
func (f *firefox) call(ctx context.Context, method string,
	params map[string]any, result any) error {
	f.mu.Lock()
	f.last++
	id, back := f.last, make(chan answer, 1)
	f.waiting[id] = back
	err := f.ended
	f.mu.Unlock()
	if err == nil {
		err = f.send(map[string]any{"id": id, "method": method, "params": params})
	}
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	select {
	case a := <-back:
		if a.err == nil && result != nil {
			a.err = json.Unmarshal(a.result, result)
		}
		if a.err != nil {
			return fmt.Errorf("%s: %w", method, a.err)
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", method, ctx.Err())
	}
}

// send sends one message. A deadline of one command must not interrupt it: what
// is half written ends the connection.
func (f *firefox) send(message map[string]any) error {
	text, err := json.Marshal(message)
	if err != nil {
		return err
	}
	return f.socket.Write(context.Background(), websocket.MessageText, text)
}

func (f *firefox) Open(ctx context.Context, address string) error {
	return f.call(ctx, "browsingContext.navigate",
		map[string]any{"context": f.page, "url": address, "wait": "complete"}, nil)
}

func (f *firefox) Evaluate(ctx context.Context, expression string) ([]byte, error) {
	var got struct {
		Type             string
		Result           struct{ Value string }
		ExceptionDetails struct{ Text string }
	}
	err := f.call(ctx, "script.evaluate", map[string]any{
		"expression": asText(expression), "target": map[string]any{"context": f.page},
		"awaitPromise": true,
	}, &got)
	if err == nil && got.Type != "success" {
		err = errors.New(got.ExceptionDetails.Text)
	}
	return []byte(got.Result.Value), err
}

// Hide opens a tab before the page's.
func (f *firefox) Hide(ctx context.Context) error {
	var opened struct{ Context string }
	err := f.call(ctx, "browsingContext.create",
		map[string]any{"type": "tab", "background": false}, &opened)
	f.front = opened.Context
	return err
}

func (f *firefox) Show(ctx context.Context) error {
	if err := f.call(ctx, "browsingContext.close",
		map[string]any{"context": f.front}, nil); err != nil {
		return err
	}
	return f.call(ctx, "browsingContext.activate", map[string]any{"context": f.page}, nil)
}

func (f *firefox) Screenshot(ctx context.Context) ([]byte, error) {
	var got struct{ Data string }
	if err := f.call(ctx, "browsingContext.captureScreenshot",
		map[string]any{"context": f.page}, &got); err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(got.Data)
}

func (f *firefox) Complaints() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.complaints)
}

func (f *firefox) Close() {
	if f.socket != nil {
		_ = f.socket.CloseNow() // the browser is ended as well
	}
	if f.command != nil {
		end(f.command)
	}
	if f.screen != nil {
		f.screen.close()
	}
	if f.profile != "" {
		os.RemoveAll(f.profile)
	}
}

// within runs f until it is done or ctx is.
func within(ctx context.Context, f func() error) error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
