using System;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace Countersign
{
    /// <summary>The two halves of an answer to a sign-in: games see the second one alone.</summary>
    internal sealed class Pair
    {
        public Pair(HttpAnswer answer)
        {
            Tokens = Wire.Read<Tokens>(answer);
            Person = Wire.Read<SignedIn>(answer);
        }

        public Tokens Tokens { get; }

        public SignedIn Person { get; }
    }

    /// <summary>
    /// Keeps one session alive, in memory alone. All of it runs on the thread that calls it: the main thread of Unity.
    /// </summary>
    internal sealed class Session
    {
        /// <summary>The answer to a refresh was lost, and is not repeated any more.</summary>
        private const string RefreshLost = "local.refresh_lost";

        private readonly CountersignOptions options;
        private readonly Wire wire;
        private readonly Func<DateTime> now;

        /// <summary>Codes that led to a sign-in since the last refresh. Each may do so once: two pages of a launch would go on ending each other's session.</summary>
        private readonly HashSet<string> causes = new HashSet<string>();

        /// <summary>The sign-in or renewal that all calls wait for.</summary>
        private Task<Pair> flight;

        /// <summary>Grows with each sign-out: answers to what was asked before are dropped.</summary>
        private int era;

        /// <summary>When the refresh token was first sent without an answer: it may be used already.</summary>
        private DateTime? lostAt;

        public Session(CountersignOptions options, Wire wire, Func<DateTime> now)
        {
            this.options = options;
            this.wire = wire;
            this.now = now;
        }

        /// <summary>Null when signed out.</summary>
        public Pair Pair { get; private set; }

        public async Task<Pair> SignIn()
        {
            return flight == null && Pair != null ? Pair : await Share(Enter);
        }

        /// <summary>The next session, after <paramref name="problem"/> was answered to a call with the token of <paramref name="used"/>.</summary>
        /// <exception cref="CountersignException">The problem itself, where another token would not help.</exception>
        public async Task<Pair> Renew(Pair used, CountersignException problem)
        {
            if (!IsOfToken(problem.Code))
            {
                throw problem;
            }
            if (Pair == used)
            {
                await Share(() => Renewed(used, problem));
            }
            // What one person asked for is not done as another.
            if (Pair?.Person.UserId != used.Person.UserId)
            {
                throw problem;
            }
            return Pair;
        }

        public async Task SignOut()
        {
            var ended = Pair;
            era += 1;
            flight = null;
            Pair = null;
            causes.Clear();
            if (ended != null)
            {
                var form = "token=" + Uri.EscapeDataString(ended.Tokens.RefreshToken) + "&client_id=" + Uri.EscapeDataString(options.ApplicationId);
                await wire.Post("/v1/oauth/revoke", form, "application/x-www-form-urlencoded", Wire.LastTimeout);
            }
        }

        /// <summary>The token has ended, or its session.</summary>
        private static bool IsOfToken(string code)
        {
            return code == "session.expired" || code == "session.token_invalid" || code == "session.ended";
        }

        /// <summary>At a refresh: this session goes on no more. Of other answers, such as 429 and 5xx, nothing follows for it.</summary>
        private static bool IsOver(string code)
        {
            return IsOfToken(code) || code == "session.account_switched" || code == "session.refresh_reused" || code == RefreshLost;
        }

        private async Task<Pair> Share(Func<Task<Pair>> work)
        {
            if (flight != null)
            {
                return await flight;
            }
            var mine = work();
            flight = mine;
            try
            {
                return await mine;
            }
            finally
            {
                if (flight == mine)
                {
                    flight = null;
                }
            }
        }

        /// <summary>Opens a session, or enters the one that this launch has opened before.</summary>
        private async Task<Pair> Enter()
        {
            var begun = era;
            var initData = InitData();
            if (initData == null)
            {
                throw new CountersignException(CountersignException.NoInitData);
            }
            var body = new InitDataSignIn
            {
                ApplicationId = options.ApplicationId,
                BotId = options.BotId,
                DeviceName = options.DeviceName,
                InitData = initData,
            };
            HttpAnswer answer;
            try
            {
                answer = await wire.Post("/v1/auth/telegram/init-data", body, Wire.FirstTimeout);
            }
            catch (CountersignException lost) when (lost.Status == 0)
            {
                answer = await wire.Post("/v1/auth/telegram/init-data", body, Wire.LastTimeout);
            }
            return Keep(new Pair(answer), begun);
        }

        private async Task<Pair> Renewed(Pair used, CountersignException problem)
        {
            var begun = era;
            var cause = problem;
            if (problem.Code != "session.ended")
            {
                try
                {
                    var pair = await Refresh(used, begun);
                    causes.Clear();
                    return pair;
                }
                catch (CountersignException refused) when (IsOver(refused.Code))
                {
                    cause = refused;
                }
            }
            if (begun != era)
            {
                throw new CountersignException(CountersignException.Superseded);
            }
            if (cause.NeedsRelaunch || InitData() == null || !causes.Add(cause.Code))
            {
                Pair = null;
                throw cause;
            }
            try
            {
                return await Enter();
            }
            catch (CountersignException error) when (begun == era)
            {
                if (error.Status == 0 || error.Status == 429 || error.Status >= 500)
                {
                    // The next call tries again.
                    causes.Remove(cause.Code);
                }
                else
                {
                    Pair = null;
                }
                throw;
            }
        }

        private async Task<Pair> Refresh(Pair used, int begun)
        {
            var body = new RefreshRequest { RefreshToken = used.Tokens.RefreshToken, InitData = InitData() };
            for (var timeout = Wire.FirstTimeout; ; timeout = Wire.LastTimeout)
            {
                var sentAt = now();
                // The service repeats its answer as long as the lost pair lives unused, and for 10 s where it cannot see the uses of identity
                // tokens; less what the way takes.
                var lives = used.Person.IdentityToken == null ? used.Tokens.ExpiresIn - 2 : 0;
                var repeats = TimeSpan.FromSeconds(Math.Max(8, lives));
                if (lostAt != null && (sentAt - lostAt.Value).Duration() > repeats)
                {
                    // Shown later, a token that was used would end the session as a stolen one.
                    throw new CountersignException(RefreshLost);
                }
                try
                {
                    var pair = new Pair(await wire.Post("/v1/auth/refresh", body, timeout));
                    pair.Person.IsNewUser = used.Person.IsNewUser;
                    pair.Person.StartParam = used.Person.StartParam;
                    return Keep(pair, begun);
                }
                catch (CountersignException lost) when (lost.Status == 0 || (lost.Status >= 500 && lost.Status != 503))
                {
                    // A refusal and 503 use no token up.
                    lostAt = lostAt ?? sentAt;
                    if (lost.Status != 0 || timeout == Wire.LastTimeout)
                    {
                        throw;
                    }
                }
            }
        }

        private Pair Keep(Pair pair, int begun)
        {
            if (begun != era)
            {
                throw new CountersignException(CountersignException.Superseded);
            }
            lostAt = null;
            Pair = pair;
            return pair;
        }

        private string InitData()
        {
            var text = options.InitData?.Invoke();
            return string.IsNullOrEmpty(text) ? null : text;
        }
    }
}
