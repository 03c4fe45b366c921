using System.Threading.Tasks;

namespace Countersign
{
    /// <summary>Sends requests. <see cref="UnityHttp"/> is the one of Unity.</summary>
    public interface IHttp
    {
        /// <summary>Sends one request and follows no redirect. Where no answer comes, the status is 0; it throws nothing.</summary>
        Task<HttpAnswer> Send(HttpCall call);
    }

    /// <summary>A request.</summary>
    public sealed class HttpCall
    {
        public string Method { get; set; }

        public string Url { get; set; }

        /// <summary>Null: without a body.</summary>
        public string Body { get; set; }

        /// <summary>Media type of the body.</summary>
        public string ContentType { get; set; }

        /// <summary>The header of this name; null: without it. It has a token: it must not be logged.</summary>
        public string Authorization { get; set; }

        public int TimeoutSeconds { get; set; }
    }

    /// <summary>An answer, or that there is none.</summary>
    public sealed class HttpAnswer
    {
        /// <summary>0 where no answer came: offline, blocked, cut off, or not in time.</summary>
        public int Status { get; set; }

        public string Body { get; set; }

        /// <summary>The header of this name, or null.</summary>
        public string RetryAfter { get; set; }
    }
}
