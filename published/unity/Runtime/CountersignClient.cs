using System;
using System.Globalization;
using System.Text;
using System.Threading.Tasks;

namespace Countersign
{
    /// <summary>
    /// A client of one application: its session, and calls with it. Making one reads and sends nothing. Use it from the main thread.
    /// </summary>
    public sealed partial class CountersignClient
    {
        private readonly Session session;
        private readonly Wire wire;

        /// <param name="http"><see cref="UnityHttp"/> in Unity.</param>
        public CountersignClient(CountersignOptions options, IHttp http)
            : this(options, http, () => DateTime.UtcNow)
        {
        }

        internal CountersignClient(CountersignOptions options, IHttp http, Func<DateTime> now)
        {
            if (string.IsNullOrEmpty(options.Api) || string.IsNullOrEmpty(options.ApplicationId))
            {
                throw new ArgumentException("Api and ApplicationId are required.", nameof(options));
            }
            wire = new Wire(options.Api, http);
            session = new Session(options, wire, now);
        }

        /// <summary>Who is signed in, as the sign-in or the last refresh answered it; null without a session.</summary>
        public SignedIn Current
        {
            get { return session.Pair?.Person; }
        }

        /// <summary>
        /// Opens a session by the init data of the launch, or returns the one at hand. Parallel calls share one sign-in.
        /// </summary>
        /// <exception cref="CountersignException">With the code of the service, or a local one.</exception>
        public async Task<SignedIn> SignIn()
        {
            return (await session.SignIn()).Person;
        }

        /// <summary>Forgets the session at once, then ends it at the service.</summary>
        /// <exception cref="CountersignException">The service was not reached; here the session is over all the same.</exception>
        public Task SignOut()
        {
            return session.SignOut();
        }

        /// <summary>With the access token; once more with the next one, where the answer asks for another.</summary>
        private async Task<T> Get<T>(string path, params object[] query)
            where T : class
        {
            var used = session.Pair;
            if (used == null)
            {
                throw new CountersignException(CountersignException.SignedOut);
            }
            var address = path + Search(query);
            var answer = await wire.Get(address, used.Tokens.AccessToken);
            if (answer.Status == 401)
            {
                var next = await session.Renew(used, Wire.ProblemOf(answer));
                answer = await wire.Get(address, next.Tokens.AccessToken);
            }
            return Wire.Read<T>(answer);
        }

        /// <summary>One segment of a path. Nothing, <c>.</c> and <c>..</c> would make it another path.</summary>
        private static string Segment(string text)
        {
            if (string.IsNullOrEmpty(text) || text == "." || text == "..")
            {
                throw new ArgumentException("An id is missing, or is none.");
            }
            return Uri.EscapeDataString(text);
        }

        /// <param name="query">Names and values in turn; a value that is null is left out.</param>
        private static string Search(object[] query)
        {
            var text = new StringBuilder();
            for (var at = 0; at < query.Length; at += 2)
            {
                if (query[at + 1] != null)
                {
                    var value = Convert.ToString(query[at + 1], CultureInfo.InvariantCulture);
                    text.Append(text.Length == 0 ? '?' : '&').Append(query[at]).Append('=').Append(Uri.EscapeDataString(value));
                }
            }
            return text.ToString();
        }
    }
}
