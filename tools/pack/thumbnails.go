package main

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path"
	"path/filepath"
)

// thumbnailsName holds the small pictures of the models by name, as data: URLs,
// for the menu: one file for all, asked for when the menu is opened first.
// tools/pack/thumbnails draws them.
const thumbnailsName = "web/thumbnails.json"

// thumbnails gathers the pictures of the models among files, which are in a folder
// beside them. A model without one is listed without.
func thumbnails(folder string, files []file) (file, error) {
	all := map[string]string{}
	for _, f := range files {
		if path.Dir(f.Path) != "weights" {
			continue
		}
		name := modelName(f)
		picture, err := os.ReadFile(filepath.Join(folder, "thumbnails", name+".png"))
		if os.IsNotExist(err) {
			continue
		} else if err != nil {
			return file{}, err
		}
		all[name] = "data:image/png;base64," + base64.StdEncoding.EncodeToString(picture)
	}
	text, err := json.MarshalIndent(all, "", "  ")
	return file{Path: thumbnailsName, Data: append(text, '\n')}, err
}

// thumbnailsOf leaves of the pictures those of the named models.
func thumbnailsOf(data []byte, names []string) ([]byte, error) {
	var all map[string]string
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, err
	}
	kept := map[string]string{}
	for _, name := range names {
		if picture, ok := all[name]; ok {
			kept[name] = picture
		}
	}
	return json.Marshal(kept)
}
