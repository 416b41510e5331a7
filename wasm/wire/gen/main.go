// Gen writes what is generated from the messages of the page's programs; see package
// wire. `go generate ./wasm/wire` runs it.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"tweedie/wasm/wire"
)

func main() {
	if err := generate(filepath.Join("..", "..")); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// generate writes the files that are not as they should be.
func generate(root string) error {
	for _, p := range wire.Programs {
		schema, err := wire.Read(root, p)
		if err != nil {
			return err
		}
		stale, err := schema.Stale(root)
		if err != nil {
			return err
		}
		for _, f := range stale {
			name := filepath.Join(root, filepath.FromSlash(f.Path))
			if err := os.WriteFile(name, f.Text, 0o666); err != nil {
				return err
			}
			fmt.Println("wrote", f.Path)
		}
	}
	return nil
}
