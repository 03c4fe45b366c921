# Signs in with GitLab's own library, by the lines of gitlab.rb that the input has:
# ruby gitlab-library.rb < gitlab.rb
# It prints the address to open, waits for the browser to return, and prints the account.
require 'json'
require 'omniauth'
require 'omniauth_openid_connect'
require 'rack'
require 'socket'

# The service of a test has no certificate.
SWD.url_builder = URI::HTTP
OmniAuth.config.logger = Logger.new($stderr)
OmniAuth.config.path_prefix = '/users/auth'
# GitLab sends its own token with the form.
OmniAuth.config.request_validation_phase = nil

gitlab_rails = {}
eval($stdin.read)
provider = gitlab_rails['omniauth_providers'].first
redirect = URI(provider[:args][:client_options][:redirect_uri])

app = Rack::Builder.app do
  use Rack::Session::Cookie, secret: 'for-a-test-of-this-machine'
  use OmniAuth::Builder do
    provider provider[:name], provider[:args]
  end
  run lambda { |env|
    failure = env['omniauth.error'] || env['QUERY_STRING']
    abort "The sign-in failed: #{failure.inspect}" unless env['omniauth.auth']
    [200, {}, [JSON.generate(sub: env['omniauth.auth'].uid, userinfo: env['omniauth.auth'].extra.raw_info)]]
  }
end
gitlab = Rack::MockRequest.new(app)
host = { 'HTTP_HOST' => "#{redirect.host}:#{redirect.port}" }

server = TCPServer.new(redirect.host, redirect.port)
begun = gitlab.post("/users/auth/#{provider[:name]}", host)
puts begun['Location']
$stdout.flush
browser = server.accept
path = browser.gets.split[1]
browser.write "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
browser.close
puts gitlab.get(path, host.merge('HTTP_COOKIE' => begun['Set-Cookie'].split(';').first)).body
