// Runs the client without Unity: each line of the input is a command, each line of the output what came of it.

using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Countersign;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

internal static class Driver
{
    private static readonly DriverHttp Http = new DriverHttp();
    private static TimeSpan asleep;

    private static void Main(string[] arguments)
    {
        ServicePointManager.DefaultConnectionLimit = 100;
        ThreadPool.SetMinThreads(50, 50);
        var thread = new MainThread();
        SynchronizationContext.SetSynchronizationContext(thread);
        var client = new CountersignClient(
            new CountersignOptions { Api = arguments[0], ApplicationId = arguments[1], InitData = () => arguments[2], DeviceName = "mono" },
            Http,
            () => DateTime.UtcNow + asleep);
        for (var line = Console.ReadLine(); line != null; line = Console.ReadLine())
        {
            Http.Sent.Clear();
            var answering = Answer(client, JObject.Parse(line));
            thread.RunUntil(answering);
            Console.WriteLine(answering.Result);
        }
    }

    private static async Task<string> Answer(CountersignClient client, JObject command)
    {
        try
        {
            var result = await Do(client, command);
            return JsonConvert.SerializeObject(new { result, sent = Http.Sent });
        }
        catch (CountersignException error)
        {
            var shown = new { error.Code, error.Status, error.RequestId, error.RetryAfter, error.NeedsRelaunch, Text = error.ToString() };
            return JsonConvert.SerializeObject(new { error = shown, sent = Http.Sent });
        }
    }

    private static async Task<object> Do(CountersignClient client, JObject command)
    {
        var board = (string)command["board"];
        switch ((string)command["do"])
        {
            case "signIn":
                return await client.SignIn();
            case "signOut":
                await client.SignOut();
                return client.Current;
            case "signOutMeanwhile":
                var asked = client.SignIn();
                await client.SignOut();
                return await asked;
            case "current":
                return client.Current;
            case "me":
                return await client.GetMe();
            case "everybody":
                var answers = await Task.WhenAll(Enumerable.Range(0, (int)command["count"]).Select(_ => client.GetMe()));
                return answers.Select(each => each.UserId).Distinct();
            case "board":
                return await client.GetBoard(board);
            case "seasons":
                return await client.ListSeasons(board);
            case "top":
                return await client.ListTop(board, limit: (long?)command["limit"], cursor: (string)command["cursor"]);
            case "around":
                return await client.ListAround(board, client.Current.UserId, each: "1");
            case "rank":
                return await client.GetRank(board, client.Current.UserId);
            case "network":
                Http.Path = (string)command["path"];
                Http.Status = (int)command["status"];
                Http.Times = (int)command["times"];
                return null;
            case "sleep":
                asleep += TimeSpan.FromSeconds((int)command["seconds"]);
                return null;
            default:
                throw new ArgumentException(command.ToString());
        }
    }
}

/// <summary>Runs what was awaited on one thread, as Unity does.</summary>
internal sealed class MainThread : SynchronizationContext
{
    private readonly BlockingCollection<Action> posted = new BlockingCollection<Action>();

    public override void Post(SendOrPostCallback work, object state)
    {
        posted.Add(() => work(state));
    }

    public void RunUntil(Task task)
    {
        task.ContinueWith(_ => posted.Add(() => { }), TaskScheduler.Default);
        while (!task.IsCompleted)
        {
            posted.Take()();
        }
    }
}

internal sealed class DriverHttp : IHttp
{
    public readonly List<string> Sent = new List<string>();

    /// <summary>So many times, requests to this path get this status without an answer of the service. 0: its answer is lost.</summary>
    public string Path = "";
    public int Status;
    public int Times;

    public async Task<HttpAnswer> Send(HttpCall call)
    {
        var path = new Uri(call.Url).AbsolutePath;
        var isBroken = path == Path && Times > 0;
        Times -= isBroken ? 1 : 0;
        var answer = isBroken && Status != 0
            ? new HttpAnswer { Status = Status, Body = "<p>Later</p>", RetryAfter = "5" }
            : await Task.Run(() => Ask(call));
        Sent.Add(answer.Status + " " + path);
        return isBroken && Status == 0 ? new HttpAnswer() : answer;
    }

    private static HttpAnswer Ask(HttpCall call)
    {
        var request = (HttpWebRequest)WebRequest.Create(call.Url);
        request.Method = call.Method;
        request.AllowAutoRedirect = false;
        request.Timeout = call.TimeoutSeconds * 1000;
        if (call.Authorization != null)
        {
            request.Headers["Authorization"] = call.Authorization;
        }
        try
        {
            if (call.Body != null)
            {
                request.ContentType = call.ContentType;
                var bytes = Encoding.UTF8.GetBytes(call.Body);
                using (var stream = request.GetRequestStream())
                {
                    stream.Write(bytes, 0, bytes.Length);
                }
            }
            return Read((HttpWebResponse)request.GetResponse());
        }
        catch (WebException error)
        {
            return error.Response is HttpWebResponse response ? Read(response) : new HttpAnswer();
        }
    }

    private static HttpAnswer Read(HttpWebResponse response)
    {
        using (response)
        using (var reader = new StreamReader(response.GetResponseStream(), Encoding.UTF8))
        {
            return new HttpAnswer
            {
                Status = (int)response.StatusCode,
                Body = reader.ReadToEnd(),
                RetryAfter = response.Headers["Retry-After"],
            };
        }
    }
}
