package main

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"

	"tweedie/sampler/model"
	"tweedie/sampler/recipe"
	"tweedie/tools/pack/lessons"
)

// The course: its data, which the page and the lab fetch when a lesson of theirs is opened, and the
// pages for teachers.
const (
	courseFolder  = "web/learn/lessons"
	courseName    = "web/learn/lessons.json"
	labCourseName = "web/lab/lessons.json"
)

var teacherNames = map[string]string{"en": "web/lessons.html", "zh": "web/lessons.zh.html"}

// symbolTemplate is a symbol of index.html that sentences may hold.
var symbolTemplate = regexp.MustCompile(`<template id="sym-(\w+)"><math>(.*?)</math></template>`)

// course makes the files of the lessons. Their recipes are for the repository's models.
func (e edition) course() ([]file, error) {
	index, err := os.ReadFile(filepath.Join(e.root, "index.html"))
	if err != nil {
		return nil, err
	}
	known := map[string]string{}
	var names []string
	for _, found := range symbolTemplate.FindAllSubmatch(index, -1) {
		known[string(found[1])] = string(found[2])
		names = append(names, string(found[1]))
	}
	course, err := lessons.Read(os.DirFS(filepath.Join(e.root, courseFolder)),
		describes(filepath.Join(e.root, "weights")), names)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", courseFolder, err)
	}
	data, err := course.JSON()
	if err != nil {
		return nil, err
	}
	inLab, err := course.LabJSON(known)
	if err != nil {
		return nil, err
	}
	files := []file{{Path: courseName, Data: data}, {Path: labCourseName, Data: inLab}}
	if e.visited {
		return files, nil
	}
	for language, name := range teacherNames {
		data, err := course.Teacher(language, known)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		files = append(files, file{Path: name, Data: data})
	}
	return files, nil
}

// describes reads what recipes need to know of the models in a folder, and of the networks
// that serve them.
func describes(folder string) lessons.Info {
	known := map[string]recipe.Info{}
	read := func(name string) ([]byte, error) {
		return os.ReadFile(filepath.Join(folder, path.Base(name)+".safetensors"))
	}
	return func(r recipe.Recipe) (recipe.Info, error) {
		name := r.Get("m")
		info, ok := known[name]
		if !ok {
			data, err := read(name)
			if err != nil {
				return info, err
			}
			if _, info, err = model.Open(name, data); err != nil {
				return info, err
			}
			known[name] = info
		}
		for _, beside := range info.Needs(r) {
			data, err := read(beside)
			if err != nil {
				return info, err
			}
			if err := model.Accompany(&info, beside, data); err != nil {
				return info, err
			}
		}
		return info, nil
	}
}

// courseMarks begin what leads to the lessons, by page.
var courseMarks = map[string][]string{
	"index.html":   {`<section class="lessons"`, `<a href="?lesson=1.1" id="room-lessons"`},
	"web/lab.html": {`<a href="../?lesson=1.1" id="room-lessons"`, `id="lessons-others"`},
}

// withoutCourse hides the lessons, whose recipes are for models that another site does not have.
func withoutCourse(files []file) []file {
	for i, f := range files {
		for _, mark := range courseMarks[f.Path] {
			files[i].Data = bytes.Replace(files[i].Data, []byte(mark), []byte(mark+" hidden"), 1)
		}
	}
	return files
}
