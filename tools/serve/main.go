// Serve answers with the files of the built page on this machine, under the
// security policy and media types that the page is deployed with.
//
//	go run ./tools/serve [-dir web/dist] [-addr 127.0.0.1:8080] [-open] [-offline]
//
// With -offline the browser keeps the page, as it does a deployed one; without,
// every visit sees the files as they are.
//
// Without -addr the environment variable PORT gives the port. A port that is
// taken is replaced by a free one; the address in use is printed. Interrupting
// the program ends it after the answers that are under way.
package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"tweedie/tools/serve/static"
)

// patience is how long an interrupt waits for answers that are under way.
const patience = 3 * time.Second

func main() {
	dir := flag.String("dir", "web/dist", "`folder` of the built page")
	addr := flag.String("addr", "",
		"`address` to listen on (default 127.0.0.1:$PORT, or port 8080)")
	open := flag.Bool("open", false, "show the page in a browser where there is a desktop")
	offline := flag.Bool("offline",
		false, "let the browser keep the page for visits without a network")
	flag.Parse()
	if flag.NArg() != 0 {
		fmt.Fprintf(os.Stderr, "serve: %q is not expected; the folder is named with -dir\n",
			flag.Arg(0))
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, *dir, address(*addr, os.Getenv("PORT")), *open, *offline); err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

// address chooses what to listen on from the -addr flag and the PORT variable.
func address(flagged, port string) string {
	switch {
	case flagged != "":
		return flagged
	case port != "":
		return net.JoinHostPort("127.0.0.1", port)
	}
	return "127.0.0.1:8080"
}

// serve answers requests for the files in dir until ctx ends.
func serve(ctx context.Context, dir, addr string, open, offline bool) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("the built page cannot be opened, `make build` makes it: %w", err)
	}
	defer root.Close()
	if _, err := root.Stat("index.html"); err != nil {
		return fmt.Errorf("%s holds no index.html, `make build` makes it", filepath.ToSlash(dir))
	}
	listener, err := listen(addr)
	if err != nil {
		return err
	}
	url := "http://" + listener.Addr().String() + "/"
	fmt.Printf("Tweedie is at %s  (Ctrl-C ends it)\n", url)
	if open {
		openBrowser(url)
	}
	var handler http.Handler = static.New(root.FS())
	if !offline {
		handler = forgetful(handler)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := server.Shutdown(grace); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// forget is a service worker that keeps nothing.
//
//go:embed forget.js
var forget []byte

// forgetful answers with forget where h has the page's service worker.
func forgetful(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/service-worker.js" {
			h.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		w.Header().Set("Cache-Control", "no-cache")
		w.Write(forget) // the browser may have gone away
	})
}

// listen opens addr, or a free port of the same host if addr's is taken.
func listen(addr string) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	if err == nil || !errors.Is(err, syscall.EADDRINUSE) {
		return listener, err
	}
	host, port, splitErr := net.SplitHostPort(addr)
	if splitErr != nil {
		return nil, err
	}
	fmt.Printf("Port %s is taken, so a free one is used.\n", port)
	return net.Listen("tcp", net.JoinHostPort(host, "0"))
}
