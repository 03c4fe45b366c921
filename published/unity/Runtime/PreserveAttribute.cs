using System;

namespace Countersign
{
    /// <summary>Unity's linker removes nothing that has an attribute of this name: JSON is read by reflection.</summary>
    [AttributeUsage(AttributeTargets.Class | AttributeTargets.Property)]
    internal sealed class PreserveAttribute : Attribute
    {
    }
}
