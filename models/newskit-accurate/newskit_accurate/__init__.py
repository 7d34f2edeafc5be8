"""The larger model of tone for newskit: files only, read by `newskit.annotation.tone.accurate`."""
