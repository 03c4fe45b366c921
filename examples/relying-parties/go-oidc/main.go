// Signs in by code and PKCE with go-oidc:
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run main.go <issuer> <redirect address> < client.json
//
// The input has clientId and clientSecret, as `countersign application create-openid-client --json` prints them.
package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"os"

	oidc "github.com/coreos/go-oidc"
	"golang.org/x/oauth2"
)

type client struct {
	ClientID     string `json:"clientId"`
	ClientSecret string `json:"clientSecret"`
}

func main() {
	issuer, redirect := os.Args[1], os.Args[2]
	var own client
	check(json.NewDecoder(os.Stdin).Decode(&own))
	ctx := context.Background()
	provider, err := oidc.NewProvider(ctx, issuer)
	check(err)
	config := oauth2.Config{
		ClientID:     own.ClientID,
		ClientSecret: own.ClientSecret,
		Endpoint:     provider.Endpoint(),
		RedirectURL:  redirect,
		Scopes:       []string{oidc.ScopeOpenID, "profile"},
	}
	state, nonce, codeVerifier := random(), random(), random()
	digest := sha256.Sum256([]byte(codeVerifier))
	code := callback(redirect, state, config.AuthCodeURL(state, oidc.Nonce(nonce),
		oauth2.SetAuthURLParam("code_challenge", base64.RawURLEncoding.EncodeToString(digest[:])),
		oauth2.SetAuthURLParam("code_challenge_method", "S256")))

	token, err := config.Exchange(ctx, code, oauth2.SetAuthURLParam("code_verifier", codeVerifier))
	check(err)
	raw, _ := token.Extra("id_token").(string)
	idToken, err := provider.Verifier(&oidc.Config{ClientID: own.ClientID}).Verify(ctx, raw)
	check(err)
	if idToken.Nonce != nonce {
		log.Fatal("the nonce is another one")
	}
	info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	check(err)
	var userinfo json.RawMessage
	check(info.Claims(&userinfo))
	check(json.NewEncoder(os.Stdout).Encode(map[string]interface{}{"sub": idToken.Subject, "userinfo": userinfo}))
}

// Prints the address to open, and waits for the browser to return.
func callback(redirect, state, open string) string {
	at, err := url.Parse(redirect)
	check(err)
	codes := make(chan string)
	go func() {
		check(http.ListenAndServe(at.Host, http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
			if request.URL.Query().Get("state") != state {
				check(errors.New("the state is another one"))
			}
			answer.WriteHeader(http.StatusNoContent)
			codes <- request.URL.Query().Get("code")
		})))
	}()
	fmt.Println(open)
	return <-codes
}

func random() string {
	bytes := make([]byte, 32)
	_, err := rand.Read(bytes)
	check(err)
	return base64.RawURLEncoding.EncodeToString(bytes)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
