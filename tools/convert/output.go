package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
)

// checkOutput refuses a name that nothing can be written to, before the work is done.
func checkOutput(name string) error {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return fmt.Errorf("%s is a folder: name a file in it", name)
	} else if err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no file that can be replaced: name another one", name)
	}
	if folder := filepath.Dir(name); !isFolder(folder) {
		return fmt.Errorf("cannot write %s: there is no folder %s, make it first", name, folder)
	}
	return nil
}

// checkKept refuses to write over a file that is read: weights, which are paths in files, and what
// flags name.
func (o options) checkKept(files fs.FS, weights []string) error {
	kept := map[string][]fs.FileInfo{}
	for _, name := range weights {
		if info, err := fs.Stat(files, name); err == nil {
			kept["the checkpoint itself"] = append(kept["the checkpoint itself"], info)
		}
	}
	for flag, name := range o.read() {
		if info, err := os.Stat(name); err == nil {
			kept["what -"+flag+" reads"] = []fs.FileInfo{info}
		}
	}
	for _, out := range []string{o.output, o.report} {
		there, err := os.Stat(out)
		if err != nil {
			continue // nothing is there yet
		}
		for what, list := range kept {
			if slices.ContainsFunc(list, func(info fs.FileInfo) bool {
				return os.SameFile(info, there)
			}) {
				return fmt.Errorf("%s is %s, which would be lost: name another file", out, what)
			}
		}
	}
	if a, b := filepath.Clean(o.output), filepath.Clean(o.report); a == b && o.output != "" {
		return fmt.Errorf("-o and -report both name %s: name two files", a)
	}
	return nil
}

// read are the files that flags name, by the flag.
func (o options) read() map[string]string {
	return map[string]string{"check": o.check, "blocks": o.blocks, "config": o.Config,
		"scheduler": o.Scheduler}
}

// write writes b to a file atomically: whatever happens, the file is as it was or as it should be,
// and nothing lies beside it.
func write(name string, b []byte) (err error) {
	var tmp *os.File
	defer whenInterrupted(func() {
		if tmp != nil {
			_ = os.Remove(tmp.Name())
		}
	})()
	if tmp, err = os.CreateTemp(filepath.Dir(name), ".convert-*"); err != nil {
		return cannotWrite(name, err)
	}
	_, err = tmp.Write(b)
	if err == nil {
		err = tmp.Chmod(0o644)
	}
	if closed := tmp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(tmp.Name(), name)
	}
	if err != nil {
		_ = os.Remove(tmp.Name())
		return cannotWrite(name, err)
	}
	return nil
}

// whenInterrupted tidies up and ends the process if it is interrupted before done is called.
func whenInterrupted(tidy func()) (done func()) {
	interrupts, over := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(interrupts, os.Interrupt, syscall.SIGTERM)
	go func() {
		select {
		case <-interrupts:
			tidy()
			os.Exit(statusInterrupted)
		case <-over:
		}
	}()
	return func() {
		signal.Stop(interrupts)
		close(over)
	}
}

// statusInterrupted is the exit status that shells know.
const statusInterrupted = 130

// cannotWrite is an error of the system without the names of files in between.
func cannotWrite(name string, err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	}
	return fmt.Errorf("cannot write %s: %w", name, err)
}

func exists(file string) bool {
	info, err := os.Stat(file)
	return err == nil && !info.IsDir()
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}
