"""From a corpus to samples for hand coding, and from codings to agreement, accuracy and corrected estimates."""
