package main

import (
	"context"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/chromedp/chromedp"

	"tweedie/tools/serve/static"
)

// browser starts a headless Chromium with a fresh profile. It ends with stop,
// or after half an hour.
func browser(also ...chromedp.ExecAllocatorOption) (ctx context.Context, stop func(), err error) {
	profile, err := os.MkdirTemp("", "tweedie-bench-")
	if err != nil {
		return nil, nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox,
		chromedp.UserDataDir(profile),
		chromedp.Flag("enable-unsafe-swiftshader", true),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	options = append(options, also...)
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	tab, stopTab := chromedp.NewContext(allocator)
	ctx, stopTimer := context.WithTimeout(tab, 30*time.Minute)
	return ctx, func() {
		stopTimer()
		stopTab()
		stopAllocator()
		os.RemoveAll(profile)
	}, nil
}

// serve serves on a port of this machine until stop is called.
func serve(handler http.Handler) (origin string, stop func(), err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: handler}
	go server.Serve(listener)
	return "http://" + listener.Addr().String(), func() { server.Close() }, nil
}

// serveSite serves a built page as tools/serve does.
func serveSite(dir string) (origin string, stop func(), err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return "", nil, err
	}
	origin, end, err := serve(static.New(root.FS()))
	if err != nil {
		root.Close()
		return "", nil, err
	}
	return origin, func() { end(); root.Close() }, nil
}
