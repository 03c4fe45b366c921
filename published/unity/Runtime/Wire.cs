using System.Threading.Tasks;
using Newtonsoft.Json;

namespace Countersign
{
    /// <summary>What goes over the network: JSON in, JSON or an exception out.</summary>
    internal sealed class Wire
    {
        /// <summary>In seconds. The first attempt gives up early enough for a second one to be answered alike.</summary>
        public const int FirstTimeout = 4;
        public const int LastTimeout = 30;

        private const string Json = "application/json";

        private static readonly JsonSerializerSettings Settings = new JsonSerializerSettings
        {
            NullValueHandling = NullValueHandling.Ignore,
            // Texts stay texts, also those that look like a date.
            DateParseHandling = DateParseHandling.None,
        };

        private readonly string api;
        private readonly IHttp http;

        public Wire(string api, IHttp http)
        {
            this.api = api.TrimEnd('/');
            this.http = http;
        }

        public Task<HttpAnswer> Get(string path, string accessToken)
        {
            return http.Send(new HttpCall
            {
                Method = "GET",
                Url = api + path,
                Authorization = "Bearer " + accessToken,
                TimeoutSeconds = LastTimeout,
            });
        }

        public Task<HttpAnswer> Post(string path, object body, int timeoutSeconds)
        {
            return Post(path, JsonConvert.SerializeObject(body, Settings), Json, timeoutSeconds);
        }

        /// <exception cref="CountersignException">Of an answer that is not a success.</exception>
        public async Task<HttpAnswer> Post(string path, string body, string contentType, int timeoutSeconds)
        {
            var answer = await http.Send(new HttpCall
            {
                Method = "POST",
                Url = api + path,
                Body = body,
                ContentType = contentType,
                TimeoutSeconds = timeoutSeconds,
            });
            return IsSuccess(answer) ? answer : throw ProblemOf(answer);
        }

        /// <summary>The body of a successful answer.</summary>
        /// <exception cref="CountersignException">Of any other answer.</exception>
        public static T Read<T>(HttpAnswer answer)
            where T : class
        {
            return IsSuccess(answer)
                ? Parse<T>(answer) ?? throw new CountersignException(CountersignException.UnexpectedAnswer, answer.Status)
                : throw ProblemOf(answer);
        }

        public static CountersignException ProblemOf(HttpAnswer answer)
        {
            if (answer.Status == 0)
            {
                return new CountersignException(CountersignException.Unreachable);
            }
            var problem = Parse<ProblemResponse>(answer);
            return new CountersignException(
                problem?.Code ?? CountersignException.UnexpectedAnswer,
                answer.Status,
                problem?.Title,
                problem?.RequestId,
                int.TryParse(answer.RetryAfter, out var seconds) ? seconds : (int?)null);
        }

        private static bool IsSuccess(HttpAnswer answer)
        {
            return answer.Status >= 200 && answer.Status <= 299;
        }

        /// <summary>Null where the body is empty, or is not JSON of this form.</summary>
        private static T Parse<T>(HttpAnswer answer)
            where T : class
        {
            try
            {
                return JsonConvert.DeserializeObject<T>(answer.Body ?? "", Settings);
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }
}
