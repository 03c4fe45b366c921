// Renders a chart with the template language and the functions of Helm, which Debian does not have: text/template and Sprig are
// the libraries that Helm uses. Reads {templates, values, release, chart, files} as JSON, and writes the rendered texts by name.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run main.go < chart.json
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"gopkg.in/yaml.v3"
)

type files map[string]string

// Get is `.Files.Get` of Helm.
func (all files) Get(name string) string { return all[name] }

type chart struct {
	Templates map[string]string
	Values    map[string]interface{}
	Release   map[string]interface{}
	Chart     map[string]interface{}
	Files     files
}

func main() {
	var given chart
	if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil {
		stop(err)
	}
	all := template.New("chart").Option("missingkey=zero")
	functions := sprig.TxtFuncMap()
	// Helm has neither, since a chart must not read the machine.
	delete(functions, "env")
	delete(functions, "expandenv")
	functions["toYaml"] = toYaml
	functions["fromYaml"] = fromYaml
	functions["include"] = func(name string, data interface{}) (string, error) {
		var text bytes.Buffer
		err := all.ExecuteTemplate(&text, name, data)
		return text.String(), err
	}
	all.Funcs(functions)
	for name, text := range given.Templates {
		if _, err := all.New(name).Parse(text); err != nil {
			stop(err)
		}
	}
	context := map[string]interface{}{
		"Values": given.Values, "Release": given.Release, "Chart": given.Chart, "Files": given.Files,
	}
	rendered := map[string]string{}
	for name := range given.Templates {
		if strings.HasSuffix(name, ".tpl") {
			continue
		}
		var text bytes.Buffer
		if err := all.ExecuteTemplate(&text, name, context); err != nil {
			stop(err)
		}
		// As Helm does with "missingkey=zero".
		rendered[name] = strings.ReplaceAll(text.String(), "<no value>", "")
	}
	if err := json.NewEncoder(os.Stdout).Encode(rendered); err != nil {
		stop(err)
	}
}

func toYaml(value interface{}) (string, error) {
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	err := encoder.Encode(value)
	return strings.TrimSuffix(text.String(), "\n"), err
}

func fromYaml(text string) (map[string]interface{}, error) {
	value := map[string]interface{}{}
	err := yaml.Unmarshal([]byte(text), &value)
	return value, err
}

func stop(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
