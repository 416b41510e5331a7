package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"tweedie/sampler/classifier"
	"tweedie/sampler/oracle"
	"tweedie/sampler/schedule"
	"tweedie/sampler/unet"
	"tweedie/weights/json"
)

// networkClass is the class of the networks that the sampler runs. classifier.ClassName is that of
// classifiers, and oracle.ClassName that of the exact denoiser of stored pictures.
const networkClass = "UNet2DModel"

// settings is a network's configuration.
type settings struct {
	unet       unet.Config // zero for the other two
	classifier bool
}

// readConfig reads and checks the network's configuration, from file or, if file is empty, from the
// metadata of a converted checkpoint. text is the configuration for the metadata.
func readConfig(file string, own map[string]string) (text string, cfg settings, err error) {
	root, err := readObject(file, own["config"])
	if err != nil {
		return "", cfg, err
	}
	text = withoutPaths(root)
	class := networkClass
	if v, ok := root.Get("_class_name"); ok {
		class, _ = v.Text()
	}
	switch class {
	case networkClass:
		cfg.unet, err = unet.ParseConfig([]byte(text))
	case classifier.ClassName:
		cfg.classifier = true
		_, err = classifier.ParseConfig([]byte(text))
	case oracle.ClassName:
	default:
		err = fmt.Errorf("its config.json describes a %q, and only a %s, a %s and an %s can be "+
			"converted",
			class, networkClass, classifier.ClassName, oracle.ClassName)
	}
	return text, cfg, err
}

// readScheduler is readConfig for the noise schedule.
func readScheduler(file string, own map[string]string) (string, error) {
	root, err := readObject(file, own["scheduler"])
	if err != nil {
		return "", err
	}
	text := withoutPaths(root)
	_, err = schedule.ParseConfig([]byte(text))
	return text, err
}

// readObject reads the JSON object in file, or in text if file is empty.
func readObject(file, text string) (json.Value, error) {
	name, b := "metadata", []byte(text)
	if file != "" {
		var err error
		if b, err = os.ReadFile(file); err != nil {
			return json.Value{}, err
		}
		name = filepath.Base(file)
	}
	root, err := json.Parse(b)
	if err != nil {
		return root, fmt.Errorf("%s: %w", name, err)
	}
	if root.Kind() != json.Object {
		return root, fmt.Errorf("%s: want a JSON object, got %v", name, root.Kind())
	}
	return root, nil
}

// withoutPaths writes an object without white space and without the keys in which diffusers notes
// its folder (_name_or_path and similar ones); class and version stay.
func withoutPaths(root json.Value) string {
	b := []byte{'{'}
	for _, m := range root.Members() {
		if strings.HasPrefix(m.Key, "_") && m.Key != "_class_name" &&
			m.Key != "_diffusers_version" {
			continue
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = json.AppendString(b, m.Key)
		b = append(b, ':')
		b = m.Value.Append(b)
	}
	return string(append(b, '}'))
}

// metadata builds the file's metadata from the command line and, where a flag
// is missing, from the checkpoint's metadata. Unknown entries are left out.
func metadata(
	o options, own map[string]string, config, scheduler, origin string,
) (map[string]string, error) {
	classes, err := classNames(o.classes)
	if err != nil {
		return nil, err
	}
	sampling, err := object("-sampling", o.sampling)
	if err != nil {
		return nil, err
	}
	cascade, err := object("-cascade", o.cascade)
	if err != nil {
		return nil, err
	}
	provenance := o.provenance
	if provenance == "" && own["provenance"] == "" {
		provenance = "Converted from " + origin + "."
	}
	m := map[string]string{"format": "pt"}
	for key, text := range map[string]string{
		"config": config, "scheduler": scheduler, "title": o.title, "classes": classes,
		"licence": o.licence, "data": o.data, "provenance": provenance,
		"sampling": sampling, "cascade": cascade,
	} {
		if text == "" {
			text = own[key]
		}
		if text != "" {
			m[key] = text
		}
	}
	return m, nil
}

// classNames turns -classes into a JSON array.
func classNames(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	var list []string
	if strings.HasPrefix(strings.TrimSpace(text), "[") {
		v, err := json.Parse([]byte(text))
		if err != nil {
			return "", fmt.Errorf("want -classes as a JSON array of names: %w", err)
		}
		for i, e := range v.Array() {
			name, ok := e.Text()
			if !ok {
				return "", fmt.Errorf("want -classes as a JSON array of names, got %v at index %d",
					e.Kind(), i)
			}
			list = append(list, name)
		}
	} else {
		for _, name := range strings.Split(text, ",") {
			list = append(list, strings.TrimSpace(name))
		}
	}
	b := []byte{'['}
	for i, name := range list {
		if name == "" {
			return "", fmt.Errorf("want a name for every class, got none at index %d", i)
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = json.AppendString(b, name)
	}
	return string(append(b, ']')), nil
}

// object checks that a flag is a JSON object; the sampler checks its keys.
func object(flag, text string) (string, error) {
	if text == "" {
		return "", nil
	}
	v, err := json.Parse([]byte(text))
	if err != nil {
		return "", fmt.Errorf("want %s as a JSON object: %w", flag, err)
	}
	if v.Kind() != json.Object {
		return "", errors.New("want " + flag + " as a JSON object, got " + v.Kind().String())
	}
	return string(v.Append(nil)), nil
}
