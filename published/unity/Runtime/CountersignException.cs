using System;

namespace Countersign
{
    /// <summary>A problem that the service answered (RFC 9457), or one that arose in this client. It has no token in it.</summary>
    public sealed class CountersignException : Exception
    {
        /// <summary>No answer: offline, blocked, or not within the time limit.</summary>
        public const string Unreachable = "local.unreachable";

        /// <summary>An answer that is not one of the service, such as the page of a proxy.</summary>
        public const string UnexpectedAnswer = "local.unexpected_answer";

        /// <summary>The page has no init data: it was not launched as a Mini App of Telegram.</summary>
        public const string NoInitData = "local.no_init_data";

        /// <summary>There is no session: <see cref="CountersignClient.SignIn"/> opens one.</summary>
        public const string SignedOut = "local.signed_out";

        /// <summary>A sign-out came in between; the answer was dropped.</summary>
        public const string Superseded = "local.superseded";

        internal CountersignException(string code, int status = 0, string title = null, string requestId = null, int? retryAfter = null)
            : base(title == null ? code : code + ": " + title)
        {
            Code = code;
            Status = status;
            RequestId = requestId;
            RetryAfter = retryAfter;
        }

        /// <summary>What happened: a code of docs/errors.md of the service, or one of the constants of this class.</summary>
        public string Code { get; }

        /// <summary>HTTP status; 0 without an answer.</summary>
        public int Status { get; }

        /// <summary>Names the request in the log of the service; null without an answer of the service.</summary>
        public string RequestId { get; }

        /// <summary>Seconds to wait before the next attempt, where the service says so.</summary>
        public int? RetryAfter { get; }

        /// <summary>The init data of this launch opens no session again: the person closes the Mini App and opens it anew.</summary>
        public bool NeedsRelaunch
        {
            get
            {
                return Code == "session.refresh_reused" || Code == "auth.proof_used" || Code == "auth.proof_outdated"
                    || Code == "init_data.auth_date_expired";
            }
        }
    }
}
