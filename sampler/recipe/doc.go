// Package recipe turns the text of a recipe into settings. A Recipe is what was written, key by key
// (keys.go); resolved against what a model's file says (Info) it becomes Settings, in which every
// value is known. It runs nothing.
package recipe
