package main

import (
	"os"
	"os/exec"
	"runtime"
)

// openBrowser shows url in the user's browser where there is a desktop. Without
// a desktop, or without its opener, the printed address has to do.
func openBrowser(url string) {
	command := opener(runtime.GOOS, os.Getenv)
	if command == nil {
		return
	}
	process := exec.Command(command[0], append(command[1:], url)...)
	if process.Start() == nil {
		go process.Wait()
	}
}

// opener returns the command that opens an address on the desktop of goos, or
// nil where no desktop is running.
func opener(goos string, getenv func(string) string) []string {
	switch goos {
	case "darwin":
		return []string{"open"}
	case "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler"}
	}
	if getenv("DISPLAY") == "" && getenv("WAYLAND_DISPLAY") == "" {
		return nil
	}
	return []string{"xdg-open"}
}
